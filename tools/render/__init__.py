"""The renderer of the demo recording and of the base corpora."""
