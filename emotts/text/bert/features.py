"""BERT features of texts, and the file that stores those of a corpus."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from emotts.errors import CorpusError
from emotts.files import replacing
from emotts.text.bert.alignment import phone_pieces, token_pieces

__all__ = ["FEATURES_FILE", "STATE_FILE", "BertOrigin", "CorpusFeatures", "TextVectors", "read_features"]

STATE_FILE = "bert.json"
FEATURES_FILE = "features.safetensors"
_REMEDY = "run `dvc repro bert`; if it stays so, `dvc repro --force bert`"


@dataclass(frozen=True)
class BertOrigin:
    """The model that features came from: ``REPOSITORY@REVISION``, and a digest of its vocabulary and weights."""

    model: str
    fingerprint: str


@dataclass(frozen=True)
class TextVectors:
    """A text's vectors (piece + 2, feature) float16, ``[CLS]`` first and ``[SEP]`` last, and its pieces' ``spans``.

    Half precision because it halves the file; its error, 2**-11 of a value, is far below what training notices, and
    the same rounded vectors are used when the voice speaks.
    """

    text: str
    vectors: NDArray[np.float16]
    spans: NDArray[np.int32]

    def token_vectors(self, word2ph: Sequence[int], *, add_blank: bool = True) -> NDArray[np.float32]:
        """Return the vector of every token, (token, feature); see :func:`phone_pieces` for which it is.

        Raises:
            TextError: if the counts do not fit the text.
        """
        return self.vectors[self.token_pieces(word2ph, add_blank=add_blank)].astype(np.float32)

    def token_pieces(self, word2ph: Sequence[int], *, add_blank: bool = True) -> NDArray[np.int32]:
        """Return the row of ``vectors`` of every token, (token,); raises as :meth:`token_vectors`."""
        pieces = phone_pieces(self.text, word2ph, self.spans)
        return token_pieces(pieces) if add_blank else pieces


@dataclass(frozen=True)
class CorpusFeatures:
    """The vectors of all texts of a corpus, by language and text, and the model of each language."""

    origins: Mapping[str, BertOrigin]
    texts: Mapping[tuple[str, str], TextVectors]

    def of(self, language: str, text: str, *, where: object) -> TextVectors:
        """Return the vectors of a text; ``where`` names its row.

        Raises:
            CorpusError: if there are none.
        """
        found = self.texts.get((language, text))
        if found is None:
            raise CorpusError(
                "no BERT features were computed for this text", where=where, found=repr(text[:80]), remedy=_REMEDY
            )
        return found

    def write(self, folder: Path) -> None:
        """Write ``features.safetensors`` and, last, ``bert.json``; without any language the latter alone."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for (language, text), read in self.texts.items():
            arrays[f"vectors/{language}/{text}"] = read.vectors
            arrays[f"spans/{language}/{text}"] = read.spans
        state = {"models": {language: asdict(origin) for language, origin in sorted(self.origins.items())}}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / STATE_FILE).unlink(missing_ok=True)
        (folder / FEATURES_FILE).unlink(missing_ok=True)
        if self.origins:
            with replacing(folder / FEATURES_FILE) as part:
                safetensors.numpy.save_file(arrays, part)
        with replacing(folder / STATE_FILE) as part:
            part.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")


def read_features(folder: Path) -> CorpusFeatures | None:
    """Read what :meth:`CorpusFeatures.write` wrote; None where BERT is off.

    Raises:
        CorpusError: if a file is missing or damaged.
    """
    path = folder / STATE_FILE
    try:
        models = json.loads(path.read_text(encoding="utf-8"))["models"]
        origins = {language: BertOrigin(**origin) for language, origin in models.items()}
        if not origins:
            return None
        path = folder / FEATURES_FILE
        arrays = safetensors.numpy.load_file(path)
        texts = {}
        for name, vectors in arrays.items():
            kind, language, text = name.split("/", 2)
            if kind == "vectors":
                texts[language, text] = TextVectors(text, vectors, arrays[f"spans/{language}/{text}"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, safetensors.SafetensorError) as error:
        raise CorpusError(
            "the BERT features of the corpus are missing or damaged", where=path, found=repr(error), remedy=_REMEDY
        ) from error
    return CorpusFeatures(origins, texts)
