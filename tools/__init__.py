"""Tools around the library; not part of the wheel."""
