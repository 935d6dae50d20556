"""The training phases: which parts of the voice are trained, and with which losses."""
