"""The BERT features of a corpus: computed by one stage, read by the training."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from emotts.corpus.lists import read_list
from emotts.errors import ConfigError, CorpusError
from emotts.progress import Progress
from emotts.settings import Params
from emotts.text.bert.features import CorpusFeatures, TextVectors, read_features

if TYPE_CHECKING:
    from emotts.text.bert.model import BertModel

__all__ = ["bert_folder", "compute_features", "corpus_features", "load_bert"]


def bert_folder(params: Params) -> Path | None:
    """Return the folder that the models lie in, None for the hub and its cache."""
    return None if params.text.bert_folder is None else Path(params.text.bert_folder)


def compute_features(params: Params, corpus: Path, *, progress: Progress | None = None) -> CorpusFeatures:
    """Compute the features of every text that is trained on or validated with, replayed ones included.

    Where ``text.bert`` is off there are none, and neither torch nor transformers is imported.

    Raises:
        EmottsError: if a package or a model is missing, or a model does not fit.
        ConfigError: if there is no model for a language.
        TextError: if a text is too long for its model.
    """
    if not params.text.bert:
        return CorpusFeatures({}, {})
    texts = _texts(params, corpus)
    origins = {}
    read: dict[tuple[str, str], TextVectors] = {}
    for language, group in itertools.groupby(texts, key=lambda pair: pair[0]):
        model = load_bert(params, language, device=None)
        origins[language] = model.origin
        for _, text in group:
            read[language, text] = model.read(text)
            if progress is not None:
                progress(len(read), len(texts), language)
    return CorpusFeatures(origins, read)


def corpus_features(params: Params, folder: Path) -> CorpusFeatures | None:
    """Read what the stage ``bert`` wrote, None where it is off.

    Raises:
        CorpusError: if that is missing, damaged, or of another setting than ``text.bert``.
    """
    features = read_features(folder)
    if (features is not None) != params.text.bert:
        raise CorpusError(
            "the BERT features belong to another setting",
            where=folder,
            found="none" if features is None else "features",
            wanted=f"text.bert: {str(params.text.bert).lower()}",
            remedy="run `dvc repro`, or `dvc repro bert`",
        )
    return features


def load_bert(params: Params, language: str, *, device: str | None = "cpu") -> BertModel:
    """Load the model of a language.

    Args:
        params: the project's settings.
        language: ``KR``, ``JP`` or ``EN``.
        device: ``cpu``, ``cuda``, ...; None: the GPU where there is one.

    Raises:
        EmottsError: if a package or the model is missing, or the model does not fit.
        ConfigError: if ``text.bert_models`` has none for the language.
    """
    # seconds to import, and needed where BERT is on alone
    import torch

    from emotts.text.bert.model import BertModel

    names = params.text.bert_models.model_dump()
    if language not in names:
        raise ConfigError(
            f"there is no BERT model for {language}",
            where="text.bert_models in params.yaml",
            wanted=f"a language of {', '.join(names)}",
        )
    return BertModel.load(
        names[language],
        language=language,
        width=params.model.synthesizer.ja_bert_channels,
        folder=bert_folder(params),
        device=device or ("cuda" if torch.cuda.is_available() else "cpu"),
    )


def _texts(params: Params, corpus: Path) -> list[tuple[str, str]]:
    """Return language and normalised text of every row, in order, each once."""
    lists = [corpus / "train.list", corpus / "val.list"]
    if params.train.replay_corpus is not None:
        lists.append(Path(params.train.replay_corpus) / "train.list")
    return sorted({(item.language, item.text) for path in lists for item in read_list(path)})
