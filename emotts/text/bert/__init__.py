"""BERT features of a text, as MeloTTS's networks take them; the extra ``bert`` brings what they need."""
