"""Making a run again: what it was made from, whether that can still be had, and checking it out."""
