"""What people corrected by ear: kept by recording and time, applied to the rows of the stage ``label``."""
