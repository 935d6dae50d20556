"""The training of a voice."""
