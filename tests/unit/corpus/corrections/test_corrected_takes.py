"""The stage ``label`` with corrections: rows, wavs, sums and reports, from real sound."""

from __future__ import annotations

import dataclasses
import json
import logging
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.settings import label_settings, segment_settings
from support.tone_bursts import write_bursts, write_labels

from emotts.corpus.corrections.corrected_takes import Corrector
from emotts.corpus.corrections.correction import Correction
from emotts.corpus.rows import Reject, Utterance, read_rows
from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.corpus.transcripts.labelling import LabelSummary, label_segments
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

RATE_HZ = 16000
LENGTHS_S = (3.0, 3.2, 3.4, 3.6)
TEXTS = ("하나", "둘", "셋", "넷")
TAKE = "슬픔/take1.wav"
SEGMENTS = ((0.905, 4.895), (5.305, 9.495), (9.905, 14.295), (14.705, 19.295))
"""What the stage ``segment`` makes of it: the tones are a little above the threshold's first windows."""


class Studio:
    """A recording of four bursts, labelled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.raw, self.segments, self.out = folder / "raw", folder / "segments", folder / "labels"
        path = folder / "recordings" / TAKE
        write_bursts(path, LENGTHS_S)
        write_labels(path, LENGTHS_S, TEXTS)
        collect_recordings(folder / "recordings", self.raw, language="KR", speaker="mina", emotions=EmotionSet())
        self.segment()

    def segment(self, **changes: object) -> None:
        """Run the stage before."""
        values = {"keep_silence_s": 0.5, "max_length_s": 15.0, "min_length_s": 3.0} | changes
        settings = segment_settings(**values)
        segment_recordings(self.raw, self.segments, sample_rate_hz=RATE_HZ, settings=settings)

    def correct(self, place: int, **what: object) -> None:
        """Write a correction of the n-th segment."""
        start_s, end_s = SEGMENTS[place]
        line = Correction.from_dict({"recording": TAKE, "start_s": start_s, "end_s": end_s, **what}).to_line()
        with (self.folder / "corrections.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(line)

    def label(self, **settings: object) -> LabelSummary:
        """Run the stage."""
        path = self.folder / "corrections.jsonl"
        path.touch()
        emotions = EmotionSet()
        return label_segments(
            self.segments,
            self.raw,
            self.out,
            emotions=emotions,
            settings=label_settings(**{"max_reject_fraction": 0.1} | settings),
            corrector=Corrector.of(path, self.raw, out=self.out, sample_rate_hz=RATE_HZ, emotions=emotions),
        )

    @property
    def utterances(self) -> list[Utterance]:
        """The rows that are kept."""
        return read_rows(self.out / "utterances.jsonl", Utterance)

    @property
    def rejects(self) -> list[Reject]:
        """The rows that are not."""
        return read_rows(self.out / "rejects.jsonl", Reject)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def test_an_empty_file_changes_nothing(studio: Studio) -> None:
    summary = studio.label()
    assert (summary.n_in, summary.n_kept, summary.n_rejected) == (4, 4, 0)
    assert [(row.start_s, row.end_s) for row in studio.utterances] == list(SEGMENTS)
    for name in ("utterances.jsonl", "rejects.jsonl"):
        assert (studio.out / "uncorrected" / name).read_bytes() == (studio.out / name).read_bytes()
    assert sorted(path.name for path in studio.out.iterdir()) == ["rejects.jsonl", "uncorrected", "utterances.jsonl"]


def test_values_and_decisions(studio: Studio) -> None:
    studio.label()
    before = studio.utterances
    studio.correct(0, text="하나 더")
    studio.correct(1, emotion="기쁨")
    studio.correct(2, decision="reject")
    studio.correct(3, decision="accept")
    summary = studio.label()
    assert (summary.n_in, summary.n_kept, summary.n_rejected) == (4, 3, 1)
    assert studio.utterances == [
        dataclasses.replace(before[0], text="하나 더", text_source="review"),
        dataclasses.replace(before[1], emotion="happy", emotion_source="review"),
        before[3],
    ]
    assert studio.rejects == [Reject("label", TAKE, *SEGMENTS[2], "rejected in the review", "셋", before[2].wav)]
    assert read_rows(studio.out / "uncorrected/utterances.jsonl", Utterance) == before
    assert not (studio.out / "corrected").exists()


def test_pieces_with_new_borders_are_cut_from_the_recording(studio: Studio) -> None:
    studio.label()
    before = studio.utterances
    studio.correct(0, merge_to_s=9.495)
    studio.correct(2, cut_s=[10.0, 14.0])
    studio.correct(3, split_s=16.5)
    with (studio.folder / "corrections.jsonl").open("a", encoding="utf-8") as stream:
        for start_s, end_s, text in ((14.705, 16.5, "네"), (16.5, 19.295, "엣")):
            row = Correction(recording=TAKE, start_s=start_s, end_s=end_s, text=text)
            stream.write(row.to_line())
    summary = studio.label()
    assert (summary.n_in, summary.n_kept, summary.n_rejected) == (4, 4, 0)
    assert [(row.start_s, row.end_s, row.text, row.folder, row.wav) for row in studio.utterances] == [
        (0.905, 9.495, "하나 둘", "labels", "corrected/sad_take1_00000905-00009495.wav"),
        (10.0, 14.0, "셋", "labels", "corrected/sad_take1_00010000-00014000.wav"),
        (14.705, 16.5, "네", "labels", "corrected/sad_take1_00014705-00016500.wav"),
        (16.5, 19.295, "엣", "labels", "corrected/sad_take1_00016500-00019295.wav"),
    ]
    assert [row.text_source for row in studio.utterances] == ["labels", "labels", "review", "review"]
    cut, rate_hz = soundfile.read(studio.out / studio.utterances[1].wav, dtype="int16")
    whole, _ = soundfile.read(studio.segments / before[2].wav, dtype="int16")
    assert (rate_hz, len(cut)) == (RATE_HZ, 4 * RATE_HZ)
    begin = round(0.095 * RATE_HZ)
    assert np.array_equal(cut, whole[begin : begin + len(cut)])
    (studio.folder / "corrections.jsonl").write_text("", encoding="utf-8")
    studio.label()
    assert studio.utterances == before
    assert not (studio.out / "corrected").exists(), "no wav of an earlier pass is left"


def test_corrections_survive_a_new_segmentation(studio: Studio) -> None:
    studio.correct(0, text="하나 더")
    studio.correct(3, emotion="happy")
    studio.segment(keep_silence_s=0.2)
    studio.label()
    assert [(row.start_s, row.end_s, row.text, row.emotion) for row in studio.utterances] == [
        (1.205, 4.595, "하나 더", "sad"),
        (5.605, 9.195, "둘", "sad"),
        (10.205, 13.995, "셋", "sad"),
        (15.005, 18.995, "넷", "happy"),
    ]
    studio.segment(min_silence_s=2.0)  # the four are one, cut in two: none of them is what was heard
    summary = studio.label(max_reject_fraction=1.0)
    assert summary.n_in == 2
    unmatched = (studio.out / "unmatched_corrections.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["why"] for line in unmatched] == ["no piece has these times"] * 2


def test_what_matches_nothing_is_reported_and_kept(studio: Studio, caplog: pytest.LogCaptureFixture) -> None:
    studio.correct(0, text="하나 더")
    with (studio.folder / "corrections.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(Correction(recording="gone.wav", start_s=1.0, end_s=4.0, text="다").to_line())
    with caplog.at_level(logging.INFO, logger="emotts"):
        summary = studio.label()
    assert (summary.n_in, summary.n_kept) == (4, 4)
    where = studio.folder / "corrections.jsonl"
    assert [record.getMessage() for record in caplog.records if "corrections" in record.getMessage()] == [
        f"{where}: 2 corrections (text x2); 4 in + 0 split - 0 merged = 4",
        f"{where}:2: not applied, there is no such recording: text '다' for gone.wav 1.00-4.00 s",
    ]
    (line,) = (studio.out / "unmatched_corrections.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["line"] == 2
    assert json.loads(line)["text"] == "다"


def test_what_a_person_rejects_does_not_stop_the_stage_but_an_empty_corpus_does(studio: Studio) -> None:
    for place in range(3):
        studio.correct(place, decision="reject")
    assert studio.label().reasons == {"rejected in the review": 3}
    studio.correct(3, decision="reject")
    with pytest.raises(CorpusError, match=r"too many segments are rejected: 4 of 4(?s:.*)rejected in the review: 4"):
        studio.label()
    assert (studio.out / "uncorrected/utterances.jsonl").is_file(), "the page can still be opened"


def test_a_missing_or_damaged_file_stops_the_stage_before_anything_is_removed(studio: Studio) -> None:
    studio.label()
    before = (studio.out / "utterances.jsonl").read_bytes()
    (studio.folder / "corrections.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corrections.jsonl:1: line is no correction"):
        studio.label()
    studio.folder.joinpath("corrections.jsonl").write_text(
        Correction(recording=TAKE, start_s=0.9, end_s=4.9, emotion="hapy").to_line(), encoding="utf-8"
    )
    with pytest.raises(CorpusError, match=r"corrections.jsonl:1: unknown emotion 'hapy'"):
        studio.label()
    assert (studio.out / "utterances.jsonl").read_bytes() == before
