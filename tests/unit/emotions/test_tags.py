"""What stands in the brackets of a tag."""

import pytest

from emotts.emotions.tags import Tag, read_tag
from emotts.errors import CorpusError


@pytest.mark.parametrize(
    ("inside", "expression", "intensity"),
    [
        ("happy", "happy", None),
        (" 기쁨 강 ", "기쁨", 1.5),
        ("sad:0.6", "sad", 0.6),
        ("sad : 약", "sad", 0.5),
        ("sad 0", "sad", 0.0),
        ("happy:0.7+surprised:0.3", "happy:0.7+surprised:0.3", None),
        ("happy:0.7 + surprised:0.3 0.8", "happy:0.7 + surprised:0.3", 0.8),
        ("happy + sad", "happy + sad", None),
    ],
)
def test_a_number_is_the_intensity_of_one_name_and_a_weight_in_a_mixture(
    inside: str, expression: str, intensity: float | None
) -> None:
    assert read_tag(inside) == Tag(expression, intensity)


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (" ", r"a\.txt:3: tag is empty\n  found: \[ \]\n  wanted: \[EMOTION\] or \[EMOTION INTENSITY\]"),
        ("sad:2", "a.txt:3: intensity cannot be used\n  found: '2'\n  wanted: a number from 0 to 1.5, or weak"),
        ("sad loudly", "intensity cannot be used\n  found: 'loudly'"),
        ("sad:0.5 0.6", "tag has two intensities\n  found: \\[sad:0.5 0.6\\]"),
    ],
)
def test_tags_that_say_no_intensity(inside: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_tag(inside, where="a.txt:3")
