"""Packed token ids are those of :func:`emotts.text.encode.encode`."""

import pickle

import numpy as np
import pytest

from emotts.errors import TextError
from emotts.text.encode import encode
from emotts.training.packed_tokens import PackedTokens

CLIPS = [(("_", "ᄂ", "ᅦ", ".", "_"), (0, 0, 0, 0, 0), "KR"), (("_", "a", "_"), (0, 3, 0), "EN"), ((), (), "JP")]


@pytest.mark.parametrize("add_blank", [True, False])
def test_every_clip_is_as_it_was_encoded(add_blank: bool) -> None:
    packed = PackedTokens(add_blank=add_blank)
    lengths = [packed.append(phones, tones, language=language) for phones, tones, language in CLIPS]
    assert lengths == ([11, 7, 1] if add_blank else [5, 3, 0])
    assert len(packed) == 3
    for place, (phones, tones, language) in enumerate(CLIPS):
        wanted = encode(phones, tones, language=language, add_blank=add_blank)
        for held in (packed[place], pickle.loads(pickle.dumps(packed))[place]):
            for name in ("tokens", "tones", "languages"):
                np.testing.assert_array_equal(getattr(held, name), getattr(wanted, name))
                assert getattr(held, name).dtype == np.int64


def test_a_clip_that_cannot_be_encoded_is_not_added() -> None:
    packed = PackedTokens(add_blank=True)
    with pytest.raises(TextError, match="phones are not in the symbol table\n  found: '가' at 2"):
        packed.append(("_", "가", "_"), (0, 0, 0), language="KR")
    assert len(packed) == 0
