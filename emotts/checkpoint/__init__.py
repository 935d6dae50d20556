"""Checkpoints and voice folders: writing, reading, and the conversion between formats."""
