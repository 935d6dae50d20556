"""Korean: normaliser, pronunciation and the front end that joins them."""
