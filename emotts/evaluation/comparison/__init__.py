"""Runs side by side: metrics with their confidence, what was changed, and the same sentences to listen to."""
