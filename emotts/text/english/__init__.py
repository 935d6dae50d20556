"""English: normaliser, dictionary, homographs, unknown words and the front end that joins them."""
