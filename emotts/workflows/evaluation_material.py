"""The sentences and reference clips that a voice is evaluated on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from emotts.corpus.lists import CorpusItem, read_list
from emotts.corpus.transcripts.labels import parse_script
from emotts.emotions.emotion_set import NEUTRAL
from emotts.evaluation.distortion import source_variability
from emotts.evaluation.inputs import EvaluationMaterial
from emotts.evaluation.reference import about_reference
from emotts.evaluation.spoken import Reference
from emotts.settings import Params
from emotts.text.symbols import BLANK, PUNCTUATION
from emotts.workflows.evaluated_speaker import about_speaker, evaluated_speaker
from emotts.workflows.texts import project_reader

__all__ = ["read_material"]

_UNSPOKEN = frozenset((BLANK, *PUNCTUATION))


def read_material(params: Params, corpus: Path, *, emotions: Sequence[str]) -> EvaluationMaterial:
    """Collect the test list and the unseen sentences of ``evaluate.sentences``, in that order, per emotion in turn.

    Texts are compared as the front end normalises them; a sentence that training or validation knows, or whose
    emotion the voice was not trained on, is left out. A sentence may also be in one of ``export.styles``. Where the
    project has several speakers, the clips are those of the one that is evaluated.

    Raises:
        CorpusError: if a list, the sentences ``variability.json`` or ``reference.json`` cannot be used.
    """
    spoken = (*emotions, *params.styles)
    reader = project_reader(params)
    trained = [item for name in ("train.list", "val.list") for item in read_list(corpus / name)]
    known = {item.text for item in trained}
    speaker = evaluated_speaker(params, corpus)
    test = [item for item in _of(speaker, read_list(corpus / "test.list")) if item.emotion in emotions]
    sentences = [(item.text, item.emotion) for item in test]
    if params.evaluate.sentences is not None:
        script = Path(params.evaluate.sentences)
        for line in parse_script(script, emotions=params.emotions, styles=params.styles):
            pair = (reader.read(line.text).normalised_text, line.emotion or NEUTRAL)
            if pair[1] in spoken and pair[0] not in known and pair not in sentences:
                sentences.append(pair)
    chosen = _in_turn(sentences, spoken)[: max(params.evaluate.max_sentences, len(test))]
    return EvaluationMaterial(
        sentences=tuple(chosen),
        references=_references(test, corpus),
        recorded=_references([item for item in _of(speaker, trained) if item.emotion in emotions], corpus),
        n_phones={text: _spoken_phones(reader.read(text).phones) for text, _ in chosen},
        variability=source_variability(Path(params.recording.source)),
        about=" ".join(filter(None, [about_reference(Path(params.recording.source)), about_speaker(speaker)])) or None,
    )


def _of(speaker: str | None, items: Sequence[CorpusItem]) -> list[CorpusItem]:
    return [item for item in items if speaker is None or item.speaker == speaker]


def _references(items: Sequence[CorpusItem], corpus: Path) -> tuple[Reference, ...]:
    return tuple(
        Reference(path=corpus / item.wav, text=item.text, emotion=item.emotion, n_phones=_spoken_phones(item.phones))
        for item in items
    )


def _spoken_phones(phones: Sequence[str]) -> int:
    return sum(phone not in _UNSPOKEN for phone in phones)


def _in_turn(sentences: Sequence[tuple[str, str]], emotions: Sequence[str]) -> list[tuple[str, str]]:
    """Order sentences so that the emotions take turns, each keeping its own order."""
    queues = {name: [pair for pair in sentences if pair[1] == name] for name in emotions}
    rounds = itertools.zip_longest(*queues.values())
    return [pair for group in rounds for pair in group if pair is not None]
