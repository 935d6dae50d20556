"""The base voice that a training starts from."""
