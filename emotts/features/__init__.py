"""Features of sound: spectrograms and pitch."""
