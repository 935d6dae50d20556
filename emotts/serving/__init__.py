"""Serving a voice to other programs."""
