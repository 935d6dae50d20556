"""Emotions: the set, its aliases, mixtures and named styles."""
