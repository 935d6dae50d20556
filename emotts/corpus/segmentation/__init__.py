"""Cutting recordings into segments at silences."""
