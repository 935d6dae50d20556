"""What a user is told when something is wrong with the input, and what is left of the project then: all of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from support.lines import edit, rows
from support.prepared import copy_project, refuse
from support.project import Project

RATE_HZ = 24000
RNG = np.random.default_rng(3)


def sound(path: Path, samples: Any, *, rate_hz: int = RATE_HZ, subtype: str = "PCM_16") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path


def noise(seconds: float, *, level_db: float = -20.0, rate_hz: int = RATE_HZ, channels: int = 1) -> Any:
    shape = (round(seconds * rate_hz), channels)
    return 10 ** (level_db / 20) * RNG.standard_normal(shape).clip(-4, 4)


@pytest.fixture
def empty(bare: Project, tmp_path: Path) -> Project:
    """Return a project of the test's own, with an empty folder for the recordings."""
    made = copy_project(bare, tmp_path / "project")
    (made.folder / "recordings").mkdir()
    return made


@pytest.fixture
def ready(labelled: Project, tmp_path: Path) -> Project:
    """Return a project of the test's own that ran up to its labels."""
    return copy_project(labelled, tmp_path / "project")


def no_source(folder: Path) -> None:
    folder.rmdir()


def no_sound(folder: Path) -> None:
    (folder / "notes.txt").write_text("take 3 was the best\n", encoding="utf-8")


def empty_file(folder: Path) -> None:
    (folder / "take.wav").touch()


def no_samples(folder: Path) -> None:
    sound(folder / "take.wav", np.zeros(0))


def text_as_wav(folder: Path) -> None:
    (folder / "take.wav").write_text("Hello, this is not a recording.\n", encoding="utf-8")


def no_number(folder: Path) -> None:
    samples = noise(5.0)
    samples[60_000] = np.nan
    sound(folder / "take.wav", samples, subtype="FLOAT")


def all_zero(folder: Path) -> None:
    sound(folder / "take.wav", np.zeros(5 * RATE_HZ))


def telephone(folder: Path) -> None:
    sound(folder / "take.wav", noise(5.0, rate_hz=8000), rate_hz=8000)


def unknown_emotion(folder: Path) -> None:
    sound(folder / "hapy/take.wav", noise(5.0))


def unknown_korean_emotion(folder: Path) -> None:
    sound(folder / "한국어/기쁜/PTD/take.wav", noise(5.0))


def unknown_language(folder: Path) -> None:
    sound(folder / "korea/기쁨/take.wav", noise(5.0))


def the_same_twice(folder: Path) -> None:
    path = sound(folder / "기쁨/take.wav", noise(5.0))
    (folder / "슬픔").mkdir()
    shutil.copy(path, folder / "슬픔/take.wav")


SOURCES = [
    (no_source, ["recordings: source is missing", "wanted: a sound file or a folder with sound files"]),
    (lambda folder: None, ["recordings: no sound file in the source", "found: an empty folder", "recording.source"]),
    (no_sound, ["recordings: no sound file in the source", "found: 1 other files", ".wav", "recording.source"]),
    (empty_file, ["recordings/take.wav: sound file is empty (0 bytes)", "export the recording again"]),
    (no_samples, ["recordings/take.wav: sound file holds no samples", "export the recording again"]),
    (text_as_wav, ["take.wav: file is text, not sound, although it is called .wav", "'Hello, this", "rename the file"]),
    (
        no_number,
        [
            "recordings/take.wav: ",
            "samples are not finite",
            "1 of 24000 samples from 2.0 s on",
            "export the recording again",
        ],
    ),
    (all_zero, ["recordings/take.wav: all samples are zero", "5.0 s of digital silence", "check the microphone"]),
    (telephone, ["take.wav: sample rate is too low", "found: 8000 Hz", "wanted: at least 16000 Hz", "full rate"]),
    (unknown_emotion, ["recordings/hapy: ", "'hapy'", "did you mean 'happy'"]),
    (unknown_korean_emotion, ["한국어/기쁜/PTD: ", "'기쁜'", "did you mean '기쁨'"]),
    (unknown_language, ["recordings/korea: unknown language 'korea'", "did you mean 'korean'"]),
    (the_same_twice, ["two recordings have the same content", "기쁨/take.wav", "슬픔/take.wav", "remove one of them"]),
]


@pytest.mark.parametrize(("lay", "wanted"), SOURCES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_source_that_cannot_be_used(empty: Project, lay: Callable[[Path], None], wanted: list[str]) -> None:
    lay(empty.folder / "recordings")
    refuse(empty, "recording", wanted)
    assert empty.files() == set()


def test_a_bad_source_leaves_the_recordings_taken_in_before(ready: Project) -> None:
    take = next((ready.folder / "recordings").rglob("*.wav"))
    take.write_bytes(b"")
    refuse(ready, "recording", [f"{take.relative_to(ready.folder)}: sound file is empty (0 bytes)"])


def test_silence_alone(empty: Project) -> None:
    sound(empty.folder / "recordings/기쁨/take.wav", noise(8.0, level_db=-60.0))
    assert empty.stage("recording").returncode == 0
    wanted = ["data/raw/기쁨/take.wav: recording is silent", "no sound above -40.0 dBFS", "segment.threshold_db"]
    refuse(empty, "segment", wanted, own="data/segments")
    assert not (empty.folder / "data/segments/segments.jsonl").exists()


def test_a_recording_that_is_cut_off_within_its_only_piece(empty: Project) -> None:
    path = sound(empty.folder / "recordings/기쁨/take.flac", noise(9.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = empty.stage("recording")
    assert done.returncode == 0, done.stdout
    assert re.search(r"기쁨/take\.flac is cut off: 4\.\d\d s of 9\.00 s are there", done.stdout)
    refuse(empty, "segment", ["too many pieces", "0 kept", "rejected: cut off x1"], own="data/segments")


def test_six_channels_are_mixed_down_with_a_warning(empty: Project) -> None:
    sound(empty.folder / "recordings/기쁨/take.wav", noise(6.0, channels=6))
    done = empty.stage("recording")
    assert done.returncode == 0, done.stdout
    assert "take.wav has 6 channels; they will be mixed down to one" in done.stdout
    done = empty.stage("segment")
    assert done.returncode == 0, done.stdout
    (row,) = rows(empty.folder / "data/segments/segments.jsonl")
    assert soundfile.info(empty.folder / "data/segments" / row["wav"]).channels == 1


def test_sixty_seconds_without_a_pause_are_cut_at_their_quietest_places(empty: Project) -> None:
    samples = noise(60.0)
    dips = [9.0, 18.5, 29.0, 40.0, 51.5]
    for dip_s in dips:
        samples[round((dip_s - 0.1) * RATE_HZ) : round((dip_s + 0.1) * RATE_HZ)] *= 0.05
    sound(empty.folder / "recordings/기쁨/take.wav", samples)
    assert empty.stage("recording").returncode == 0
    done = empty.stage("segment")
    assert done.returncode == 0, done.stdout
    found = rows(empty.folder / "data/segments/segments.jsonl")
    assert [row["end_s"] for row in found[:-1]] == pytest.approx(dips, abs=0.1)
    assert [row["start_s"] for row in found[1:]] == [row["end_s"] for row in found[:-1]]
    assert (found[0]["start_s"], found[-1]["end_s"]) == (0.0, 60.0)
    assert all(3.0 <= row["end_s"] - row["start_s"] <= 15.0 for row in found)
    assert rows(empty.folder / "data/segments/rejects.jsonl") == []


def track(project: Project, emotion: str) -> Path:
    return project.folder / f"data/raw/한국어/{emotion}/take1.labels.txt"


def test_a_transcript_with_gaps_rejects_what_has_none(ready: Project) -> None:
    edit(track(ready, "기쁨"), lambda lines: lines[1:])
    done = ready.stage("label")
    assert done.returncode == 0, done.stdout
    (reject,) = rows(ready.folder / "data/labels/rejects.jsonl")
    assert (reject["reason"], reject["start_s"]) == ("no transcript", pytest.approx(1.0, abs=0.2))
    kept = rows(ready.folder / "data/labels/utterances.jsonl")
    n_segments = len(rows(ready.folder / "data/segments/segments.jsonl"))
    assert len(kept) == n_segments - 1
    assert f"label: {n_segments} in = {n_segments - 1} kept + 1 rejected" in done.stdout


def without_texts(project: Project, *emotions: str) -> None:
    """Take the label tracks of recordings away, as if they had never been there."""
    listed = rows(project.folder / "data/raw/recordings.jsonl")
    for row in listed:
        if any(f"/{emotion}/" in row["file"] for emotion in emotions):
            (project.folder / "data/raw" / row["labels"]).unlink()
            row["labels"] = None
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in listed)
    (project.folder / "data/raw/recordings.jsonl").write_text(text, encoding="utf-8")


def test_no_transcript_at_all(ready: Project) -> None:
    without_texts(ready, "기쁨", "슬픔", "분노", "중립")
    n_segments = len(rows(ready.folder / "data/segments/segments.jsonl"))
    wanted = [
        f"data/labels/rejects.jsonl: too many segments are rejected: {n_segments} of {n_segments}",
        f"found: no transcript: {n_segments}",
        "wanted: at most 25% (label.max_reject_fraction)",
        "complete the transcripts",
    ]
    refuse(ready, "label", wanted, own="data/labels")
    assert len(rows(ready.folder / "data/labels/rejects.jsonl")) == n_segments


BAD_TRACKS = [
    (
        lambda lines: [lines[0], lines[1] + " | 그리고", *lines[2:]],
        ["take1.labels.txt:2: character '|' cannot be in a text", "그리고", "remove it"],
    ),
    (
        lambda lines: [lines[0], lines[0], *lines[1:]],
        ["take1.labels.txt:2: labels overlap", "in line 1", "move the borders apart"],
    ),
    (
        lambda lines: [lines[0].replace("\t", "\t[hapy] ", 2).replace("[hapy] ", "", 1), *lines[1:]],
        ["take1.labels.txt:1: ", "'hapy'", "did you mean 'happy'"],
    ),
    (
        lambda lines: [*lines[:2], "no times here"],
        ["take1.labels.txt:3: line is not a label", "start TAB end TAB text"],
    ),
]


@pytest.mark.parametrize(("change", "wanted"), BAD_TRACKS, ids=["bar", "twice", "emotion", "line"])
def test_a_label_track_that_cannot_be_used(
    ready: Project, change: Callable[[list[str]], list[str]], wanted: list[str]
) -> None:
    edit(track(ready, "기쁨"), change)
    refuse(ready, "label", wanted)


def test_the_same_sound_under_two_names(ready: Project) -> None:
    take = ready.folder / "recordings/한국어/기쁨/take1.wav"
    samples, rate_hz = soundfile.read(take, dtype="int16")
    sound(take.with_name("copy.flac"), samples, rate_hz=rate_hz)
    shutil.copy(take.with_name("take1.labels.txt"), take.with_name("copy.labels.txt"))
    for stage in ("recording", "segment"):
        assert ready.stage(stage).returncode == 0
    wanted = ["duplicate utterance: two segments hold the same sound", "copy.flac", "take1.wav", "remove the recording"]
    refuse(ready, "label", wanted)


def test_a_damaged_row(ready: Project) -> None:
    edit(ready.folder / "data/segments/segments.jsonl", lambda lines: [*lines[:3], lines[3][:50], *lines[4:]])
    wanted = [
        "data/segments/segments.jsonl:4: line is not a segment row",
        "wanted: a JSON object",
        "dvc repro --force segment",
    ]
    refuse(ready, "label", wanted)


def keep(project: Project, counts: dict[str, int]) -> None:
    """Leave so many utterances of each emotion."""
    path = project.folder / "data/labels/utterances.jsonl"
    left: list[str] = []
    for emotion, count in counts.items():
        left += [line for line in path.read_text(encoding="utf-8").splitlines() if f'"{emotion}"' in line][:count]
    path.write_text("".join(f"{line}\n" for line in left), encoding="utf-8")


FEW = [
    ({"happy": 5, "sad": 1}, ["emotion 'sad' has one utterance only", "found: happy 5, sad 1", "at least 3 of each"]),
    ({"happy": 1, "sad": 1}, ["too few utterances to split", "found: 2 (happy 1, sad 1)", "record and label more"]),
    ({"happy": 2, "sad": 2}, ["too few utterances to split", "found: happy 2, sad 2", "wanted: at least 3 of each"]),
    ({}, ["data/labels/utterances.jsonl: there are no utterances", "look into rejects.jsonl of the label stage"]),
]


@pytest.mark.parametrize(("counts", "wanted"), FEW, ids=["one", "two", "pairs", "none"])
def test_too_few_utterances(ready: Project, counts: dict[str, int], wanted: list[str]) -> None:
    keep(ready, counts)
    refuse(ready, "corpus", wanted, own="data/corpus")
    assert not list(ready.folder.glob("data/corpus/*.list"))


def test_a_text_that_cannot_be_read(ready: Project) -> None:
    edit(track(ready, "기쁨"), lambda lines: [lines[0] + " ქართული", *lines[1:]])
    assert ready.stage("label").returncode == 0
    done = ready.stage("corpus")
    assert done.returncode == 0, done.stdout
    assert "as it has no reading: 'ქართული'" in done.stdout
    edit(
        ready.folder / "params.yaml",
        lambda lines: [line.replace("on_unknown: read", "on_unknown: error") for line in lines],
    )
    wanted = ["happy_take1", "transcript cannot be read", "ქართული", "corpus.on_unknown to skip"]
    refuse(ready, "corpus", wanted, own="data/corpus")


PARAMS = [
    ("  threshold_db:", "  treshold_db:", "unknown key 'segment.treshold_db'; did you mean 'threshold_db'?"),
    ("  steps: 6", "  steps: many", "train.steps = 'many'"),
    ("  learning_rate: ", "  learning_rate: 1e-4 #", "write 1.0e-4"),
    ("  seed:", "  seed: [", "not valid YAML"),
]


@pytest.mark.parametrize(("old", "new", "wanted"), PARAMS, ids=["key", "type", "exponent", "yaml"])
def test_settings_with_a_mistake(empty: Project, old: str, new: str, wanted: str) -> None:
    path = empty.folder / "params.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = (number for number, line in enumerate(lines, 1) if line.startswith(old))
    edit(path, lambda lines: [line.replace(old, new, 1) if line.startswith(old) else line for line in lines])
    output = refuse(empty, "recording", [wanted])
    assert "params.yaml:" in output
    if "YAML" not in wanted or "key" in wanted:
        assert f"params.yaml:{number}: " in output


def test_no_settings(empty: Project) -> None:
    (empty.folder / "params.yaml").unlink()
    refuse(empty, "recording", ["params.yaml: file is missing", "run in the project's folder"])
