"""What holds for every label track and script: no label is used twice, nothing is lost without a word."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.settings import label_settings

from emotts.corpus.rows import Recording, Reject, Segment, Utterance, read_rows, write_rows
from emotts.corpus.transcripts.labelling import label_segments
from emotts.corpus.transcripts.labels import Label, ScriptLine
from emotts.corpus.transcripts.scripts import (
    Piece,
    Problem,
    Transcript,
    labels_over_silence,
    match_labels,
    match_script,
)
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

TENTHS = 10
"""Times lie on a grid of a tenth of a second."""


@st.composite
def stretches(draw: st.DrawFn, *, longest: int) -> list[tuple[float, float]]:
    """Return starts and ends in seconds, in order, apart from each other or touching."""
    lengths = draw(st.lists(st.tuples(st.integers(0, 25), st.integers(1, longest)), max_size=8))
    found, at = [], 0
    for pause, length in lengths:
        found.append(((at + pause) / TENTHS, (at + pause + length) / TENTHS))
        at += pause + length
    return found


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    """Return pieces of speech, some of them rejected by the segmentation, some cut from one: nothing between them."""
    spans = draw(stretches(longest=60))
    kept = draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    return [
        Piece(start_s, end_s, segment_of(number, start_s, end_s) if is_kept else None)
        for number, ((start_s, end_s), is_kept) in enumerate(zip(spans, kept, strict=True))
    ]


def segment_of(number: int, start_s: float, end_s: float) -> Segment:
    return Segment(
        wav=f"take/take_{number:04}.wav",
        recording="take.wav",
        start_s=start_s,
        end_s=end_s,
        speech_start_s=start_s,
        speech_end_s=end_s,
        level_db=-20.0,
        speaker="mina",
        language="KR",
        emotion="sad",
    )


labels = stretches(longest=40).map(
    lambda spans: [Label(start, end, f"말{line}.", None, None, line) for line, (start, end) in enumerate(spans, 1)]
)


def reached(label: Label, speech: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that a label reaches into by more than 0.15 s, or a third of the shorter of the two."""
    found = []
    for piece in speech:
        overlap_s = min(label.end_s, piece.end_s) - max(label.start_s, piece.start_s)
        shorter_s = min(label.end_s - label.start_s, piece.end_s - piece.start_s)
        if overlap_s > min(0.15, shorter_s / 3):
            found.append(piece)
    return found


def labels_fit(track: Sequence[Label], speech: Sequence[Piece]) -> bool:
    """Say whether any piece gets a text."""
    return any(isinstance(result, Transcript) for result in match_labels(track, speech).values())


@given(labels, pieces())
def test_a_label_goes_into_one_transcript_or_its_segments_are_rejected_or_it_lies_over_silence(
    track: list[Label], speech: list[Piece]
) -> None:
    found = match_labels(track, speech)
    wavs = [piece.segment.wav for piece in speech if piece.segment is not None]
    assert set(found) <= set(wavs)
    used = [text for result in found.values() if isinstance(result, Transcript) for text in result.text.split()]
    assert used == [label.text for label in track if label.text in used], "each once, in order of time"
    silent = labels_over_silence(track, speech)
    for label in track:
        over = reached(label, speech)
        assert (label in silent) == (not over)
        kept = [piece.segment.wav for piece in over if piece.segment is not None]
        if label.text in used:
            assert len(over) == len(kept) == 1
        else:
            assert all(isinstance(found[wav], Problem) for wav in kept)


@given(pieces(), st.integers(-1, 1))
def test_the_ith_line_goes_to_the_ith_piece_or_the_script_is_refused(speech: list[Piece], surplus: int) -> None:
    # six syllables a second
    lines = [ScriptLine("가" * max(1, round(6 * (piece.end_s - piece.start_s)))) for piece in speech]
    lines = lines[:-1] if surplus < 0 else lines + [ScriptLine("가")] * surplus
    path = Path("take.txt")
    touching = any(after.start_s - before.end_s < 0.005 for before, after in pairwise(speech))
    if touching or len(lines) != len(speech):
        with pytest.raises(CorpusError, match=r"^take\.txt: the script (cannot be used|does not fit)"):
            match_script(lines, speech, path=path)
        return
    assert match_script(lines, speech, path=path) == {
        piece.segment.wav: Transcript(line.text, (None,), None, "script", line=line.line)
        for line, piece in zip(lines, speech, strict=True)
        if piece.segment is not None
    }


@given(labels.filter(bool), pieces().filter(lambda speech: any(piece.segment for piece in speech)))
def test_what_comes_into_the_stage_is_kept_or_rejected(track: list[Label], speech: list[Piece]) -> None:
    rows = [piece.segment for piece in speech if piece.segment is not None]
    with tempfile.TemporaryDirectory() as name:
        raw, segments, out = (Path(name) / part for part in ("raw", "segments", "labels"))
        write_rows(raw / "recordings.jsonl", [
            Recording("take.wav", "0" * 64, 24000, 1, 100.0, "mina", "KR", "sad", "take.labels.txt", None)
        ])  # fmt: skip
        lines = [f"{label.start_s}\t{label.end_s}\t{label.text}\n" for label in track]
        (raw / "take.labels.txt").write_text("".join(lines), encoding="utf-8")
        write_rows(segments / "segments.jsonl", rows)
        write_rows(
            segments / "rejects.jsonl",
            [
                Reject("segment", "take.wav", each.start_s, each.end_s, "too short")
                for each in speech
                if not each.segment
            ],
        )
        for row in rows:
            (segments / row.wav).parent.mkdir(parents=True, exist_ok=True)
            (segments / row.wav).write_text(row.wav)
        if labels_fit(track, speech):
            summary = label_segments(
                segments, raw, out, emotions=EmotionSet(), settings=label_settings(max_reject_fraction=1.0)
            )
            kept = read_rows(out / "utterances.jsonl", Utterance)
            assert (summary.n_in, summary.n_kept) == (len(rows), len(kept))
        else:
            kept = []
            with pytest.raises(CorpusError, match=f"too many segments are rejected: {len(rows)} of {len(rows)}"):
                label_segments(
                    segments, raw, out, emotions=EmotionSet(), settings=label_settings(max_reject_fraction=1.0)
                )
        rejected = read_rows(out / "rejects.jsonl", Reject)
    assert sorted(row.wav for row in (*kept, *rejected)) == [row.wav for row in rows]
    assert all(row.reason for row in rejected)


def test_a_label_over_silence_is_named_with_its_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    raw, segments = tmp_path / "raw", tmp_path / "segments"
    write_rows(raw / "recordings.jsonl", [
        Recording("take.wav", "0" * 64, 24000, 1, 100.0, "mina", "KR", "sad", "take.labels.txt", None)
    ])  # fmt: skip
    # the second label reaches 0.1 s into the speech, which is too little to belong to it
    track = raw / "take.labels.txt"
    track.write_text("1.0\t4.0\t하나.\n4.9\t5.9\t둘.\n", encoding="utf-8")
    row = segment_of(1, 1.0, 5.0)
    write_rows(segments / "segments.jsonl", [row])
    (segments / row.wav).parent.mkdir()
    (segments / row.wav).write_text("sound")
    with caplog.at_level(logging.WARNING):
        label_segments(
            segments, raw, tmp_path / "labels", emotions=EmotionSet(), settings=label_settings(max_reject_fraction=0.0)
        )
    assert f"{track}:2: label over silence; its text is not used: '둘.'" in caplog.text
