"""The networks of a voice."""
