"""The work of the stages and commands, one file each."""
