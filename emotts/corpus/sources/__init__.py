"""Recordings as users provide them."""
