"""The data of a training: a corpus and the replayed one, each read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.identity import corpus_digest, corpus_speakers
from emotts.corpus.lists import CorpusList
from emotts.settings import Params
from emotts.text.bert.features import CorpusFeatures
from emotts.training.dataset import ClipDataset, ClipFormat, read_clips
from emotts.training.loop import TrainingClips
from emotts.training.phases.registry import PHASES

__all__ = ["TrainingData", "read_training_data"]


@dataclass(frozen=True)
class TrainingData:
    """A corpus as it was read; made by :func:`read_training_data`.

    Attributes:
        corpus: its folder.
        digest: of every file in it.
        speakers: name to id; those of the corpus first, then further ones of the replayed corpus.
        replayed_speakers: those of the replayed corpus only.
        training, validation: its lists.
        replay: the training list of the replayed corpus, None without one.
        replay_digest: of that corpus.
        features: BERT features of all texts, None where they are off.
    """

    corpus: Path
    digest: str
    speakers: Mapping[str, int]
    replayed_speakers: tuple[str, ...]
    training: CorpusList
    validation: CorpusList
    replay: CorpusList | None
    replay_digest: str | None
    features: CorpusFeatures | None

    def clips(self, params: Params) -> TrainingClips:
        """Open the clips of all lists; raises as :func:`emotts.training.dataset.read_clips`."""
        audio = params.audio
        pitched = params.model.synthesizer.decoder == "istft" and PHASES[params.train.phase].decodes
        format = ClipFormat(audio.sample_rate_hz, audio.hop_length, with_pitch=pitched)

        def read(listed: CorpusList) -> ClipDataset:
            return read_clips(
                listed, format=format, speakers=self.speakers, emotions=params.emotions, features=self.features
            )

        return TrainingClips(
            training=read(self.training),
            validation=read(self.validation),
            hop_length=audio.hop_length,
            n_fft=audio.n_fft,
            replay=None if self.replay is None else read(self.replay),
        )


def read_training_data(params: Params, corpus: Path, *, features: CorpusFeatures | None = None) -> TrainingData:
    """Read the lists of a corpus and of ``train.replay_corpus``.

    Args:
        params: the settings of the training.
        corpus: the folder, such as ``data/corpus``.
        features: BERT features of the texts, None where they are off.

    Raises:
        CorpusError: if a list or ``config.json`` is missing or damaged.
    """
    own = corpus_speakers(corpus)
    speakers = dict(own)
    replayed = None if params.train.replay_corpus is None else Path(params.train.replay_corpus)
    if replayed is not None:
        table = corpus_speakers(replayed)
        for name in sorted(table, key=table.__getitem__):
            speakers.setdefault(name, len(speakers))
    return TrainingData(
        corpus=corpus,
        digest=corpus_digest(corpus),
        speakers=speakers,
        replayed_speakers=tuple(name for name in speakers if name not in own),
        training=CorpusList.read(corpus / "train.list"),
        validation=CorpusList.read(corpus / "val.list"),
        replay=None if replayed is None else CorpusList.read(replayed / "train.list"),
        replay_digest=None if replayed is None else corpus_digest(replayed),
        features=features,
    )
