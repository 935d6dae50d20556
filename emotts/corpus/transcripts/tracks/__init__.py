"""Files that say what is spoken when: label tracks, subtitles, TextGrids, tables with times, Whisper's output."""
