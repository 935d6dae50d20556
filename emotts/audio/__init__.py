"""Sound files, and measurements of what is in them."""
