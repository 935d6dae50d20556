"""The label stage where scripts do not fit one to one: takes in a language of tones, from the files to the corpus."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from support.aligned_takes import WHOLE, Project, Said, read
from support.settings import audio_settings, corpus_settings
from support.tone_speech import LINES, RATE, ToneHearing, ToneRecogniser

from emotts.corpus.conversion import build_corpus
from emotts.corpus.lists import read_metadata
from emotts.corpus.melotts_format import CorpusBasis
from emotts.corpus.rows import Doubt, Reject, Utterance, read_rows
from emotts.corpus.transcripts.recogniser import Heard
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError
from emotts.text.frontend import FrontEnd


class SlippingRecogniser(ToneRecogniser):
    """Swallows the end of line 4, unless it hears some of the pauses, too."""

    n_wide = 0

    def listen(self, samples: npt.ArrayLike, sample_rate_hz: int) -> ToneHearing:
        hearing = super().listen(samples, sample_rate_hz)
        if np.size(samples) > 3.5 * sample_rate_hz:
            self.n_wide += 1
            return hearing
        return SlippedHearing(hearing.heard().text, self.log_probability)


class SlippedHearing(ToneHearing):
    """Scores texts right, and passes over the last two words of line 4."""

    def heard(self) -> Heard:
        heard = super().heard()
        return Heard(heard.text.removesuffix(" 갈 생각이에요"), heard.log_probability)


@pytest.fixture
def project(tmp_path: Path, korean: FrontEnd) -> Project:
    return Project(tmp_path, korean)


def test_short_pauses(project: Project) -> None:
    project.take(*read(*range(8)), script=LINES[:8])
    summary = project.run()
    assert (summary.n_in, summary.n_kept, summary.counts) == (8, 8, {"happy": 8})
    assert [(row.text, row.line, row.text_source, row.folder) for row in project.utterances] == [
        (text, number, "script", "labels") for number, text in enumerate(LINES[:8], 1)
    ]
    assert {row.confidence for row in project.utterances} == {0.929}
    for number, row in enumerate(project.utterances):
        start = 1.0 + number * (WHOLE + 0.6)
        assert row.start_s == pytest.approx(start - (0.5 if number == 0 else 0.3), abs=0.06)
        assert row.end_s == pytest.approx(start + WHOLE + (0.5 if number == 7 else 0.3), abs=0.06)
        info = soundfile.info(project.labels / row.wav)
        assert (info.samplerate, info.duration) == (RATE, pytest.approx(row.end_s - row.start_s, abs=0.001))
    assert project.rejects == []


def test_the_corpus_takes_wavs_from_both_folders(project: Project) -> None:
    project.take(*read(*range(5)), script=LINES[:5])
    project.take(*read(5, 6, 7, 8, 9, pause=1.5), script=LINES[5:], name="take2")
    project.run()
    assert [row.folder for row in project.utterances] == ["labels"] * 5 + ["segments"] * 5
    build_corpus(
        project.labels,
        project.segments,
        project.corpus,
        front_end=project.reader,
        settings=corpus_settings(),
        basis=CorpusBasis(EmotionSet(), audio_settings(sample_rate_hz=RATE), 20),
    )
    items = read_metadata(project.corpus / "metadata.list")
    assert [item.text for item in items] == list(LINES)
    folders = {"labels": project.labels, "segments": project.segments}
    for row, item in zip(project.utterances, items, strict=True):
        assert (project.corpus / item.wav).read_bytes() == (folders[row.folder] / row.wav).read_bytes()


def test_skipped_lines_retakes_broken_starts_and_remarks(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    said: Said = [
        *((0, WHOLE), 0.6, (2, 1.5), 0.5, (2, WHOLE), 0.6, (9, WHOLE), 0.6),
        *((3, WHOLE), 0.6, (3, 3.3), 0.6, (5, WHOLE), 0.6, (6, WHOLE)),
    ]
    project.take(*said, script=LINES[:8])
    with caplog.at_level(logging.INFO):
        summary = project.run()
    assert "happy/take1.txt: lines that were not heard: 2, 5, 8" in caplog.text
    assert project.lines == [1, 3, 4, 6, 7]
    assert project.rejects == [
        ("broken off", 3, "저는 어제 친구와"),
        ("not in the script", None, LINES[9]),
        ("read again later", 4, LINES[3]),
    ]
    assert (summary.n_in, summary.n_kept, summary.n_rejected) == (8, 5, 3)
    fourth = next(row for row in project.utterances if row.line == 4)
    assert fourth.end_s - fourth.start_s == pytest.approx(3.3 + 0.6, abs=0.12)
    project.run(retakes="all")
    assert project.lines == [1, 3, 4, 4, 6, 7]


def test_a_start_that_breaks_off_shortly_before_its_line(project: Project) -> None:
    project.take((2, WHOLE), 0.6, (3, 0.6), 0.15, (3, WHOLE), 0.6, (4, WHOLE), script=LINES[2:5])
    project.run()
    assert project.lines == [1, 2, 3]
    assert project.rejects == [("broken off", 2, "내일은")]
    assert project.utterances[1].start_s == pytest.approx(1.0 + WHOLE + 0.6 + 0.6 + 0.075, abs=0.02)


def test_a_changed_word(project: Project) -> None:
    script = [*LINES[:2], LINES[2].replace("바다에", "산에"), *LINES[3:6]]
    project.take(*read(*range(6)), script=script)
    project.run()
    assert project.lines == [1, 2, 4, 5, 6]
    (reject,) = read_rows(project.labels / "rejects.jsonl", Reject)
    assert (reject.reason, reject.script, reject.heard) == ("wording differs", script[2], LINES[2])
    doubts = read_rows(project.labels / "review.jsonl", Doubt)
    assert [(row.line, row.reason, row.text, row.heard, row.wav) for row in doubts] == [
        (3, "wording differs", script[2], LINES[2], None)
    ]
    project.run(wording="lines")
    assert project.lines == [1, 2, 3, 4, 5, 6]
    doubts = read_rows(project.labels / "review.jsonl", Doubt)
    assert [(row.line, row.reason, row.wav) for row in doubts] == [(3, None, "happy_take1/happy_take1_0003.wav")]
    assert doubts[0].confidence == project.utterances[2].confidence == -0.286


def test_a_slip_at_the_end_is_heard_once_more(project: Project) -> None:
    project.recogniser = SlippingRecogniser()
    project.take(*read(*range(5)), script=LINES[:5])
    project.run()
    assert project.lines == [1, 2, 3, 4, 5]
    assert project.recogniser.n_wide == 1


def test_a_changed_word_is_not_heard_once_more(project: Project) -> None:
    project.recogniser = SlippingRecogniser()
    project.take(*read(*range(5)), script=[*LINES[:3], LINES[3].replace("산에", "바다에"), LINES[4]])
    project.run()
    assert project.lines == [1, 2, 3, 5]
    assert project.rejects == [("wording differs", 4, LINES[3].rpartition(" 갈")[0])]
    assert project.recogniser.n_wide == 0


def test_a_short_line_beside_its_neighbours(project: Project) -> None:
    project.recogniser.told = {8: "네"}
    project.take((0, WHOLE), 0.6, (8, 0.6), 0.5, (2, WHOLE), script=[LINES[0], "네", LINES[2]])
    project.run()
    assert [row.text for row in project.utterances] == [LINES[0], f"네 {LINES[2]}"]


@pytest.mark.parametrize(("pause", "text"), [(0.5, LINES[2]), (0.9, f"네 {LINES[2]}")])
def test_a_short_line_shortly_after_a_start_that_breaks_off(project: Project, pause: float, text: str) -> None:
    project.recogniser.told = {8: "네"}
    said: Said = [(0, WHOLE), 0.6, (2, 1.5), pause, (8, 0.6), 0.9, (2, WHOLE)]
    project.take(*said, script=[LINES[0], "네", LINES[2]])
    project.run(wording="lines")
    assert [row.text for row in project.utterances] == [LINES[0], text]
    assert (("wording differs", 2, "네") in project.rejects) == (pause == 0.5)


def test_lines_in_one_breath_and_a_line_in_parts(project: Project) -> None:
    project.recogniser.told = {8: "저는 어제 친구와", 9: "바다에 다녀왔어요"}
    said: Said = [(0, WHOLE), 0.15, (1, WHOLE), 0.6, (8, WHOLE), 0.4, (9, WHOLE), 0.6, (3, WHOLE)]
    project.take(*said, script=LINES[:4])
    project.run()
    assert [(row.text, row.line) for row in project.utterances] == [
        (f"{LINES[0]} {LINES[1]}", 1),
        (LINES[2], 3),
        (LINES[3], 4),
    ]
    assert project.rejects == []


def test_a_remark_within_a_line(project: Project) -> None:
    project.recogniser.told = {8: "저는 어제 친구와", 9: "바다에 다녀왔어요"}
    said: Said = [(0, WHOLE), 0.6, (8, WHOLE), 0.4, (7, WHOLE), 0.4, (9, WHOLE), 0.6, (3, WHOLE)]
    project.take(*said, script=LINES[:4])
    project.run(wording="lines")
    assert project.lines == [1, 4]
    assert {line for _, line, _ in project.rejects} == {3}


def test_a_short_line_is_joined_to_the_next_one(project: Project) -> None:
    project.take((0, 1.8), 0.5, (1, WHOLE), 0.5, (2, WHOLE), script=["오늘은 날씨가", *LINES[1:3]])
    project.run()
    assert [(row.text, row.line) for row in project.utterances] == [
        (f"오늘은 날씨가 {LINES[1]}", 1),
        (LINES[2], 3),
    ]
    project.take((0, 1.8), 0.5, (1, WHOLE), 0.5, (2, WHOLE), script=["[sad] 오늘은 날씨가", *LINES[1:3]])
    project.run()
    assert project.lines == [2, 3]
    assert project.rejects == [("too short", 1, "오늘은 날씨가")]


def test_a_take_whose_pieces_are_all_too_short_for_segments_is_aligned(project: Project) -> None:
    project.take((0, 1.5), 1.3, (1, 1.5), 1.3, (2, 1.5), script=["오늘은 날씨가", "커피", "한 잔", "저는 어제 친구와"])
    project.take(*read(*range(4)), script=LINES[:4], name="take2")
    project.run()
    assert project.lines == [1, 2, 3, 4]
    assert project.rejects == [
        ("too short", 1, "오늘은 날씨가"),
        ("wording differs", 2, "커피 한"),
        ("too short", 4, "저는 어제 친구와"),
    ]


def test_a_script_that_fits_pieces_which_are_too_short(project: Project) -> None:
    project.take((0, WHOLE), 1.3, (1, 1.5), 1.3, (2, 1.5), script=[LINES[0], "커피 한", "저는 어제 친구와"])
    with pytest.raises(CorpusError, match=r"2 of 3\n  found: too short for a segment: 2\n  wanted: at most 25%"):
        project.run()
    project.run(max_reject_fraction=0.7)
    assert project.lines == [1]


def test_marks_of_an_aligned_script(project: Project) -> None:
    project.take(*read(*range(4)), script=[f"[sad 0.5] {LINES[0]}", *LINES[1:4]])
    project.run()
    assert [(row.emotion, row.intensity, row.emotion_source) for row in project.utterances[:2]] == [
        ("sad", 0.5, "script"),
        ("happy", 1.0, "layout"),
    ]


def test_all_speech_is_in_a_segment_or_among_the_rejects(project: Project) -> None:
    said: Said = [(0, WHOLE), 0.6, (2, 1.5), 0.5, (2, WHOLE), 0.6, (9, 2.0), 0.6, (3, WHOLE)]
    project.take(*said, script=LINES[:4])
    project.run()
    rows: list[Utterance | Reject] = [*project.utterances, *read_rows(project.labels / "rejects.jsonl", Reject)]
    at = 1.0
    for each in said:
        if isinstance(each, tuple):
            assert any(row.start_s <= at and row.end_s >= at + each[1] - 0.05 for row in rows)
            at += each[1]
        else:
            at += each
