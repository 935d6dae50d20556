"""The page on which people play with finished voices: they speak, are compared, and say how good they are."""
