"""Japanese: normaliser, readings in kana and the front end that joins them."""
