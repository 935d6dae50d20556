"""Ways to reach a voice from outside."""
