"""The BERT model that computes features of texts.

The features are those of MeloTTS: the third-last hidden layer, one vector a word piece.
"""

from __future__ import annotations

import hashlib
import importlib
import pickle
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import torch

from emotts.errors import CheckpointError, EmottsError, TextError
from emotts.text.bert.features import BertOrigin, TextVectors
from emotts.text.bert.hub import HubModel, check_folder, locate
from emotts.text.bert.pieces import piece_spans

__all__ = ["BertModel"]

_LAYER = -3
_DAMAGED = (OSError, ValueError, KeyError, RuntimeError, EOFError, pickle.UnpicklingError, safetensors.SafetensorError)


class BertModel:
    """Reads texts of one language; made by :meth:`load`.

    Args:
        name: ``REPOSITORY@REVISION``.
        tokenizer, network: of transformers.
        device: that the network computes on.
    """

    def __init__(self, name: str, tokenizer: Any, network: Any, *, device: torch.device) -> None:
        self._tokenizer = tokenizer
        self._network = network.eval().to(device)
        self._device = device
        self.origin = BertOrigin(name, _fingerprint(tokenizer, network))

    @classmethod
    def load(
        cls,
        name: str,
        *,
        language: str,
        width: int,
        folder: Path | None = None,
        origin: BertOrigin | None = None,
        device: str = "cpu",
    ) -> BertModel:
        """Load a model.

        Args:
            name: ``REPOSITORY@REVISION`` on the Hugging Face hub.
            language: ``KR``, ``JP`` or ``EN``.
            width: values of a vector that are wanted.
            folder: holds a folder of the language's name with the model's files; None: the hub and its cache.
            origin: what the model must be, where that is known.
            device: that it computes on.

        Raises:
            EmottsError: if a package is missing.
            CheckpointError: if the model is missing, damaged, of another width, or not the one that is wanted.
        """
        transformers = _import_transformers()
        model = HubModel.parse(name)
        place = locate(model, language=language) if folder is None else folder / language
        check_folder(place, model)
        tokenizer, network = _read(transformers, place, model=model, width=width)
        made = cls(name, tokenizer, network, device=torch.device(device))
        if origin is not None:
            _check_origin(made.origin, origin, place=place, model=model)
        return made

    @torch.inference_mode()
    def read(self, text: str) -> TextVectors:
        """Return the vectors of a normalised text.

        Raises:
            TextError: if the text is too long for the model, or its pieces cannot be placed in the text.
        """
        spans = piece_spans(self._tokenizer, text)
        inputs = self._tokenizer(text, return_tensors="pt").to(self._device)
        tokens = inputs["input_ids"].shape[1]
        longest = int(self._network.config.max_position_embeddings)
        if tokens > longest:
            raise TextError(
                "the text is too long for the BERT model",
                where=repr(text[:80]),
                found=f"{tokens} pieces",
                wanted=f"at most {longest}",
                remedy="split it into sentences",
            )
        if tokens != len(spans) + 2:
            raise TextError(
                "the BERT model's tokenizer does not put one token at each end",
                where=repr(text[:80]),
                found=f"{tokens} tokens for {len(spans)} pieces",
                remedy="name another model in text.bert_models of params.yaml",
            )
        layer = self._network(**inputs, output_hidden_states=True).hidden_states[_LAYER][0]
        vectors = layer.cpu().numpy().astype(np.float16)
        if not np.isfinite(vectors).all():
            raise TextError("the BERT model's vectors are not finite in half precision", where=repr(text[:80]))
        return TextVectors(text, vectors, spans)


def _read(transformers: Any, place: Path, *, model: HubModel, width: int) -> tuple[Any, Any]:
    """Return the tokenizer and the network in a folder, checked; errors as those of :meth:`BertModel.load`."""
    try:
        with _quiet(transformers):
            tokenizer = transformers.AutoTokenizer.from_pretrained(place, local_files_only=True)
            network, loading = transformers.AutoModel.from_pretrained(
                place, local_files_only=True, output_loading_info=True, dtype=torch.float32
            )
    except ImportError as error:
        raise _missing_package(error) from error
    except _DAMAGED as error:
        raise CheckpointError(
            "the BERT model cannot be read",
            where=place,
            found=" ".join(str(error).split())[:300],
            remedy=f"get its files again from {model.address}",
        ) from error
    _check_network(network, loading, width=width, place=place)
    return tokenizer, network


def _check_origin(found: BertOrigin, wanted: BertOrigin, *, place: Path, model: HubModel) -> None:
    if found.fingerprint != wanted.fingerprint:
        raise CheckpointError(
            "this is not the BERT model that the voice was trained with",
            where=place,
            found=f"fingerprint {found.fingerprint}",
            wanted=f"{wanted.model}, fingerprint {wanted.fingerprint}",
            remedy=f"get its files from {model.address}",
        )


def _import_transformers() -> Any:
    # transformers imports torchaudio where it is installed, so the import that works with every torch comes first
    importlib.import_module("emotts.audio.torchaudio_import")
    try:
        return importlib.import_module("transformers")
    except ImportError as error:
        raise _missing_package(error) from error


def _check_network(network: Any, loading: Mapping[str, Iterable[str]], *, width: int, place: Path) -> None:
    absent = sorted(name for name in loading["missing_keys"] if not name.startswith("pooler."))
    mismatched = sorted(str(name) for name in loading.get("mismatched_keys", ()))
    if absent or mismatched:
        raise CheckpointError(
            "the weights of the BERT model are not complete",
            where=place,
            found=f"{len(absent)} missing, {len(mismatched)} of other shapes: {', '.join((absent + mismatched)[:3])}",
            remedy="get its files again",
        )
    if network.config.hidden_size != width or network.config.num_hidden_layers < -_LAYER - 1:
        raise CheckpointError(
            "the BERT model does not fit the voice",
            where=place,
            found=f"vectors of {network.config.hidden_size} values, {network.config.num_hidden_layers} layers",
            wanted=f"vectors of {width} values, as model.synthesizer.ja_bert_channels says, at least 2 layers",
            remedy="name a model of that width in text.bert_models of params.yaml (MeloTTS: 768)",
        )


def _missing_package(error: ImportError) -> EmottsError:
    return EmottsError(
        "BERT features need packages that are not installed",
        found=" ".join(str(error).split())[:200],
        remedy="pip install 'emotts[bert]'",
    )


def _fingerprint(tokenizer: Any, network: Any) -> str:
    """Return a digest of the vocabulary and of the first values of every piece's embedding."""
    digest = hashlib.sha256(str(network.config.num_hidden_layers).encode())
    for piece, number in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1]):
        digest.update(f"{number}\t{piece}\n".encode())
    embedding = network.get_input_embeddings().weight[:, :8].detach().float().cpu().contiguous()
    digest.update(embedding.numpy().tobytes())
    return digest.hexdigest()


@contextmanager
def _quiet(transformers: Any) -> Iterator[None]:
    """Keep transformers from reporting on weights that are not used here; what is missing is checked instead."""
    log = transformers.utils.logging
    before, bars = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity_error()
    log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(before)
        if bars:
            log.enable_progress_bar()
