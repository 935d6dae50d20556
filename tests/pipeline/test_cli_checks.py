"""`emotts check` and `emotts doctor` as a user meets them: what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path

from support.command_line import Emotts, names
from support.tone_bursts import SENTENCES, write_bursts, write_labels


def good_recordings(folder: Path) -> None:
    for number, emotion in enumerate(("neutral", "happy")):
        path = folder / emotion / "take1.wav"
        write_bursts(path, [3.0] * 4, pitch_hz=200 + 20 * number)
        write_labels(path, [3.0] * 4, [f"{text} {'정말' if number else '그렇습니다.'}" for text in SENTENCES])


def test_check_good_recordings(emotts: Emotts, tmp_path: Path) -> None:
    good_recordings(tmp_path / "recordings")
    before = names(tmp_path)
    done = emotts("check", "recordings")
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "happy/take1.wav 22050 1 0:19.0 -17.0 -60.0 37% 0 s" in lines
    assert "happy/take1.wav happy 4 0 0 0 labels, 4 4" in lines
    assert "happy 4 0.3 50%" in lines
    assert lines[-1] == "0 errors, 3 warnings, 0 notes"
    assert names(tmp_path) == before


def test_check_names_the_wrong_line(emotts: Emotts, tmp_path: Path) -> None:
    good_recordings(tmp_path / "recordings")
    track = tmp_path / "recordings" / "happy" / "take1.labels.txt"
    text = track.read_text(encoding="utf-8").splitlines()
    track.write_text("\n".join([text[0], text[1].replace("\t", " "), *text[2:]]), encoding="utf-8")
    done = emotts("check", "recordings")
    assert done.returncode == 1
    lines = [line.strip() for line in done.stdout.splitlines()]
    place = lines.index("recordings/happy/take1.labels.txt:2")
    assert lines[place + 1].startswith("line is not a label")
    assert lines[-1].startswith("1 error,")


def test_check_what_is_no_recording(emotts: Emotts, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = emotts("check", "empty")
    assert done.returncode == 1
    assert "no sound file in the source; found: an empty folder" in done.stdout
    (tmp_path / "text.wav").write_text("dear diary", encoding="utf-8")
    done = emotts("check", "text.wav")
    assert done.returncode == 1
    assert "file is text, not sound, although it is called .wav; found: 'dear diary'" in done.stdout
    done = emotts("check", "missing.wav")
    assert done.returncode == 1
    assert done.stderr.startswith("emotts: missing.wav: nothing is there\n")


def test_check_without_a_name(emotts: Emotts, settings_only: Path, tmp_path: Path) -> None:
    done = emotts("check")
    assert done.returncode == 1
    assert "nothing to check: no emotts project here" in done.stderr
    done = emotts("check", folder=settings_only)
    assert done.returncode == 1
    assert f"emotts: {settings_only / 'data' / 'corpus'}: there is no corpus yet" in done.stderr
    assert "emotts check RECORDING" in done.stderr


def test_check_obeys_the_projects_settings(emotts: Emotts, settings_only: Path) -> None:
    good_recordings(settings_only / "recordings")
    params = settings_only / "params.yaml"
    text = params.read_text(encoding="utf-8")
    assert text.count("  min_length_s: 3.0") == 1
    params.write_text(text.replace("  min_length_s: 3.0", "  min_length_s: 5.0"), encoding="utf-8")
    done = emotts("check", "recordings", folder=settings_only)
    assert done.returncode == 1
    assert "4 pieces shorter than 5 s" in done.stdout
    assert "too many pieces are lost by their length: 8 of 8" in done.stdout


def test_doctor_on_a_sound_machine(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("doctor")
    states = {line[10:28].strip(): line[:8].strip() for line in done.stdout.splitlines()}
    assert done.returncode == 0, done.stdout
    assert {
        name: states[name] for name in ("python", "torch", "mlflow", "device", "Korean text", "git")
    } == dict.fromkeys(("python", "torch", "mlflow", "device", "Korean text", "git"), "ok")
    assert states["project"] == "optional"
    assert f"{tmp_path} lacks params.yaml, dvc.yaml, .dvc" in done.stdout


def test_doctor_on_a_machine_without_git(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("doctor", path=str(tmp_path))
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.startswith("BROKEN")]
    assert [line.split()[1] for line in broken] == ["git"]
    assert broken[0].endswith("-> apt install git")
