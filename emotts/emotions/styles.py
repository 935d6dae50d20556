"""Named styles of a voice: a mixture of emotions, or an emotion with an intensity."""

from __future__ import annotations

import re
from collections.abc import Mapping

from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError

__all__ = ["read_styles"]

_WITH_INTENSITY = re.compile(r"(?P<mixture>.*[^\s:+])\s+(?P<intensity>[^\s:+]+)", re.DOTALL)


def read_styles(named: Mapping[str, str], emotions: EmotionSet) -> dict[str, tuple[float, ...]]:
    """Read styles as ``params.yaml`` has them: a name, and under it ``MIXTURE`` or ``MIXTURE INTENSITY``.

    Such as ``excited: happy:0.7+surprised:0.3`` or ``wistful: sad 0.6``. A style is made of emotions alone.

    Returns:
        Name to one weight per emotion, as :meth:`EmotionSet.weights` takes them.

    Raises:
        ConfigError: if a name cannot be used or is taken, or what stands under it cannot be read.
    """
    vectors: dict[str, tuple[float, ...]] = {}
    for name, text in named.items():
        folded = emotions.fresh_name(name, kind="style")
        if folded in vectors:
            raise ConfigError(f"style {name!r} is there twice", remedy="remove one of them")
        try:
            vectors[folded] = tuple(_vector(text, emotions))
        except CorpusError as error:
            raise ConfigError(
                f"style {name!r} cannot be used: {error.what}",
                found=error.found or repr(text),
                wanted=error.wanted,
                remedy="write emotions, such as happy:0.7+surprised:0.3, and behind them an intensity if you like",
            ) from error
    return vectors


def _vector(text: str, emotions: EmotionSet) -> list[float]:
    found = _WITH_INTENSITY.fullmatch(text.strip())
    if found is None:
        return emotions.weights(text)
    try:
        intensity = float(found["intensity"])
    except ValueError as error:
        raise CorpusError("its intensity is no number", found=repr(found["intensity"])) from error
    return emotions.weights(found["mixture"], intensity=intensity)
