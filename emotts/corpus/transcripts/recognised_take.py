"""A take without labels and script: what the recogniser hears, where it is sure, and all of it to be corrected."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from emotts.audio.opening import readable
from emotts.corpus.rows import Doubt, Recording, Segment, Utterance
from emotts.corpus.transcripts.alignment.phones import MOST_PHONES_PER_S, spoken_phones
from emotts.corpus.transcripts.labelled_take import (
    DOUBTFUL,
    RECOGNISED,
    LabelledTake,
    Recognition,
    Report,
    reject_of,
    utterance_of,
)
from emotts.corpus.transcripts.recogniser import Heard
from emotts.corpus.transcripts.scripts import Piece, Problem, Transcript
from emotts.corpus.transcripts.take_recogniser import LONGEST_MS, TakeRecogniser
from emotts.corpus.utterance_reader import TextReader
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import TextError
from emotts.files import write_text

__all__ = ["recognise_take"]

_log = logging.getLogger(__name__)

_LEAST_LOG_PROBABILITY = -0.30
"""Of what is heard with a higher one 96 of 100 phones were right (Korean), with all of it 91."""
_LEAST_PASSED = 0.5
_UNSURE = "recognised with too little confidence"


def recognise_take(
    recording: Recording,
    pieces: Sequence[Piece],
    *,
    sound: Path,
    out: Path,
    recognition: Recognition,
    emotions: EmotionSet,
    report: Report,
) -> LabelledTake:
    """Hear every piece of a take, accept what is heard with confidence, and write all of it to a file to be corrected.

    The file is ``out/recognised/``, the recording's path, and ``.recognised.txt``: one line a piece of speech, as
    scripts are. Where less than half of the segments pass, none is accepted.

    Args:
        recording: its row.
        pieces: its pieces of speech in order of time, those without a segment included.
        sound: its file.
        out: folder to write into.
        recognition: the recogniser.
        emotions: the emotion set of the project.
        report: called with a note on what is done.
    """
    with readable(sound) as path:
        recogniser = recognition.of_take(recording, path, report=report)
        heard = [_heard(piece, recogniser) for piece in pieces]
    _write(recording, pieces, heard, out=out)
    own = [(piece.segment, each) for piece, each in zip(pieces, heard, strict=True) if piece.segment is not None]
    results = [_checked(each, recognition.front_end, seconds=row.end_s - row.start_s) for row, each in own]
    passed = sum(isinstance(each, Transcript) for each in results)
    if passed < _LEAST_PASSED * len(results):
        _log.warning(
            "%s: %d of %d segments are recognised with confidence; none is used", recording.file, passed, len(own)
        )
        results = [_given_up(each, passed=passed, heard=text) for each, (_, text) in zip(results, own, strict=True)]
    return _labelled([(row, each, text) for (row, text), each in zip(own, results, strict=True)], emotions=emotions)


def _heard(piece: Piece, recogniser: TakeRecogniser) -> Heard:
    start_s = piece.start_s if piece.segment is None else piece.segment.start_s
    end_s = piece.end_s if piece.segment is None else piece.segment.end_s
    start_ms, end_ms = round(1000 * start_s), round(1000 * end_s)
    return Heard("", 0.0) if end_ms - start_ms > LONGEST_MS else recogniser.heard(start_ms, end_ms)


def _checked(heard: Heard, reader: TextReader, *, seconds: float) -> Transcript | Problem:
    if not heard.text:
        return Problem("no transcript", "the recogniser heard nothing, or the segment is longer than 30 s", heard="")
    try:
        phones = spoken_phones(heard.text, reader)
    except TextError as error:
        return Problem("unusable transcript", str(error).splitlines()[0], heard=heard.text)
    if "|" in heard.text or not heard.text.isprintable():
        return Problem("unusable transcript", "a character cannot be in a text", heard=heard.text)
    confidence = round(1.0 - heard.log_probability / _LEAST_LOG_PROBABILITY, 3)
    if heard.log_probability <= _LEAST_LOG_PROBABILITY:
        return Problem(_UNSURE, f"mean log probability {heard.log_probability:.2f}", heard=heard.text)
    if len(phones) > MOST_PHONES_PER_S * seconds:
        return Problem(
            _UNSURE, f"{len(phones)} phones in {seconds:.1f} s: the recogniser repeats itself", heard=heard.text
        )
    return Transcript(heard.text, (None,), None, "recogniser", confidence=confidence)


def _given_up(result: Transcript | Problem, *, passed: int, heard: Heard) -> Problem:
    if isinstance(result, Problem):
        return result
    return Problem("too little of the take is recognised with confidence", f"{passed} segments", heard=heard.text)


def _labelled(results: Sequence[tuple[Segment, Transcript | Problem, Heard]], *, emotions: EmotionSet) -> LabelledTake:
    utterances, rejects, doubts = [], [], []
    for row, result, heard in results:
        outcome = result if isinstance(result, Problem) else utterance_of(row, result, emotions=emotions)
        confidence = round(1.0 - heard.log_probability / _LEAST_LOG_PROBABILITY, 3)
        if isinstance(outcome, Utterance):
            utterances.append(outcome)
        else:
            rejects.append(reject_of(row, outcome))
        if isinstance(outcome, Problem) or confidence < DOUBTFUL:
            reason = outcome.reason if isinstance(outcome, Problem) else None
            doubts.append(
                Doubt(row.recording, row.start_s, row.end_s, confidence, reason, None, None, heard.text, row.wav)
            )
    return LabelledTake(utterances, rejects, doubts, is_counted=False)


def _write(recording: Recording, pieces: Sequence[Piece], heard: Sequence[Heard], *, out: Path) -> None:
    file = Path(recording.file)
    path = out / RECOGNISED / file.with_name(f"{file.stem}.recognised.txt")
    lines = [
        each.text or f"# nothing was heard at {piece.start_s:.2f}-{piece.end_s:.2f} s"
        for piece, each in zip(pieces, heard, strict=True)
    ]
    write_text(path, "".join(f"{line}\n" for line in lines))
    _log.info("%s: correct %s and save it as %s.txt beside the recording", recording.file, path, file.stem)
