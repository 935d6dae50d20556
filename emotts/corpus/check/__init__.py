"""The data report."""
