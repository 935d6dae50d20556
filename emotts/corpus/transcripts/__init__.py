"""Text and emotion of every segment."""
