"""`python -m emotts.cli`: the same as the program `emotts`."""

from emotts.cli.app import main

main()
