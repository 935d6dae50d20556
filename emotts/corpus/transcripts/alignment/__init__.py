"""Aligning a script with the take that it was read for: which lines were read where, and which texts are right."""
