"""Where the tests find the repository and their reference data."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PARITY_DATA = REPOSITORY / "tests/parity/data"
