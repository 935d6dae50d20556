"""Pronunciations of words that no dictionary has, from their letters.

A recurrent encoder and decoder (gated recurrent units, Cho et al. 2014) with the weights of g2p_en; see
``data/README.md`` for where they come from. Computed in float32 with numpy, so that the same word always sounds alike.
"""

from __future__ import annotations

from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

__all__ = ["SpellingReader"]

Array = NDArray[np.float32]

_LETTERS = {letter: place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 3)}
_WORD_END, _START, _END = 2, 2, 3
_VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
_CONSONANTS = (
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y",
    "Z", "ZH",
)  # fmt: skip
_LONGEST = 20


def _phones() -> tuple[str, ...]:
    """Return the 70 phones in the order of the network's outputs, behind four marks."""
    phones = [f"{vowel}{stress}" for vowel in _VOWELS for stress in "012"] + ["UW", *_CONSONANTS]
    return ("", "", "", "", *sorted(phones))


class SpellingReader:
    """Says words by their letters."""

    def __init__(self) -> None:
        """Read the weights (1.7 MB)."""
        source = files("emotts.text.english").joinpath("data", "spelling.safetensors")
        with as_file(source) as path:
            self._weights = {name: value.astype(np.float32) for name, value in load_file(path).items()}
        self._phones = _phones()

    def read(self, word: str) -> tuple[str, ...]:
        """Return the phones of a word of the letters a to z: ARPAbet with stress, at most 20."""
        hidden: Array = np.zeros(self._weights["encoder.hidden_weight"].shape[1], dtype=np.float32)
        for place in [*(_LETTERS[letter] for letter in word), _WORD_END]:
            hidden = self._step("encoder", self._weights["letters"][place], hidden)
        phones: list[str] = []
        last = _START
        while len(phones) < _LONGEST:
            hidden = self._step("decoder", self._weights["phones"][last], hidden)
            last = int((self._weights["output.weight"] @ hidden + self._weights["output.bias"]).argmax())
            if last == _END:
                break
            if self._phones[last]:
                phones.append("UW1" if self._phones[last] == "UW" else self._phones[last])
        return tuple(phones)

    def _step(self, part: str, inputs: Array, hidden: Array) -> Array:
        """Return the next hidden state (unit,) of a gated recurrent unit."""
        weights = self._weights
        seen = weights[f"{part}.input_weight"] @ inputs + weights[f"{part}.input_bias"]
        kept = weights[f"{part}.hidden_weight"] @ hidden + weights[f"{part}.hidden_bias"]
        units = len(hidden)
        gates = 1.0 / (1.0 + np.exp(-(seen[: 2 * units] + kept[: 2 * units])))
        reset, update = gates[:units], gates[units:]
        new = np.tanh(seen[2 * units :] + reset * kept[2 * units :])
        following: Array = ((1.0 - update) * new + update * hidden).astype(np.float32)
        return following
