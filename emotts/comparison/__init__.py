"""Runs side by side: figures with their confidence, what was changed, and the same sentences to listen to."""
