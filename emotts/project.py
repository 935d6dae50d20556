"""A project folder: where it is, its settings on disk, and running its pipeline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from emotts.config import load_params
from emotts.corpus.checks import CheckSettings, DataReport, check_data
from emotts.corpus.layout import resolve_language
from emotts.corpus.rows import write_text
from emotts.emotions import EmotionSet
from emotts.errors import ConfigError, CorpusError
from emotts.text.frontend import front_end

__all__ = ["BUILT_IN", "check", "check_settings", "find_root", "reproduce", "set_source", "summary"]

BUILT_IN = CheckSettings(
    language="KR",
    emotions=EmotionSet(),
    sample_rate_hz=22050,
    hop_length=256,
    threshold_db=-40.0,
    min_silence_s=1.0,
    keep_silence_s=0.5,
    min_length_s=3.0,
    max_length_s=15.0,
    join_pause_s=0.0,
    segment_max_reject_share=0.25,
    label_max_reject_share=0.25,
    unreadable_stops=True,
    val_share=0.1,
    test_share=0.15,
    seed=20,
)
"""What data is checked against outside of a project: the values that ``params.yaml`` comes with."""


def find_root(start: Path) -> Path:
    """Return the nearest folder from ``start`` upwards that holds ``params.yaml`` and ``dvc.yaml``.

    Raises:
        ConfigError: if there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "params.yaml").is_file() and (folder / "dvc.yaml").is_file():
            return folder
    raise ConfigError(
        "no emotts project here",
        where=start.resolve(),
        wanted="a folder with params.yaml and dvc.yaml",
        remedy="clone the repository and run the command inside it",
    )


def set_source(root: Path, *, recording: Path | None, language: str | None, speaker: str | None) -> None:
    """Write the recording, language and speaker into ``params.yaml``, keeping its comments.

    What is ``None`` stays as it is; the file is not touched where nothing changes, and never left invalid.

    Raises:
        ConfigError: if a value is not allowed.
        CorpusError: if there is no such recording.
    """
    path = root / "params.yaml"
    load_params(path)
    if recording is not None and not recording.exists():
        raise CorpusError("no such recording", where=recording, remedy="check the path: a file or a folder is wanted")
    changes = {
        ("recording", "source"): None if recording is None else _relative(recording, root),
        ("project", "language"): language,
        ("recording", "speaker"): speaker,
    }
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    before = path.read_text(encoding="utf-8")
    document = editor.load(before)
    changed = False
    for (section, key), value in changes.items():
        if value is not None and document[section][key] != value:
            document[section][key] = value
            changed = True
    if not changed:
        return
    stream = StringIO()
    editor.dump(document, stream)
    write_text(path, stream.getvalue())
    try:
        load_params(path)
    except ConfigError:
        write_text(path, before)
        raise


def check_settings(start: Path) -> CheckSettings:
    """Return what data is checked against: ``params.yaml`` of the project around ``start``, else :data:`BUILT_IN`.

    Raises:
        ConfigError: if there is a project and its ``params.yaml`` is not valid.
    """
    try:
        root = find_root(start)
    except ConfigError:
        return BUILT_IN
    params = load_params(root / "params.yaml")
    segment = params.segment.model_dump(exclude={"max_reject_share"})
    return CheckSettings(
        language=params.project.language,
        emotions=params.emotions,
        sample_rate_hz=params.audio.sample_rate_hz,
        hop_length=params.audio.hop_length,
        **segment,
        segment_max_reject_share=params.segment.max_reject_share,
        label_max_reject_share=params.label.max_reject_share,
        unreadable_stops=params.corpus.on_unknown == "error",
        val_share=params.corpus.val_share,
        test_share=params.corpus.test_share,
        seed=params.project.seed,
    )


def check(start: Path, source: Path | None, *, language: str | None = None) -> DataReport:
    """Report on a recording, a folder of recordings or a corpus; ``None`` means the project's ``data/corpus``.

    Raises:
        ConfigError: if nothing is named outside of a project, or ``params.yaml`` is not valid.
        CorpusError: if there is nothing at ``source``, or the language is unknown.
        TextError: if the language has no front end.
    """
    if source is None:
        source = _beside(find_root(start) / "data" / "corpus", start)
        if not (source / "metadata.list").is_file():
            raise CorpusError(
                "there is no corpus yet",
                where=source,
                remedy="name a recording (emotts check RECORDING), or run `dvc repro corpus` first",
            )
    if not source.exists():
        raise CorpusError("nothing is there", where=source, wanted="a recording, a folder of recordings, or a corpus")
    settings = check_settings(start)
    if language is not None:
        settings = replace(settings, language=resolve_language(language))
    return check_data(source, settings=settings, front_end=front_end(settings.language))


def _beside(path: Path, start: Path) -> Path:
    """Return a path as seen from ``start``, where it lies below."""
    return path.relative_to(start.resolve()) if path.is_relative_to(start.resolve()) else path


def _relative(recording: Path, root: Path) -> str:
    absolute = recording.resolve()
    return str(absolute.relative_to(root)) if absolute.is_relative_to(root) else str(absolute)


def reproduce(root: Path) -> int:
    """Run ``dvc repro`` in the project with this interpreter's programs first on the path; return its status."""
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": programs + os.pathsep + os.environ.get("PATH", ""), "DVC_NO_ANALYTICS": "1"}
    try:
        return subprocess.run([sys.executable, "-m", "dvc", "repro"], cwd=root, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def summary(root: Path) -> list[str]:
    """Return the lines that a finished run ends with: the main figures, and where everything lies."""
    path = root / "reports" / "evaluation.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        ("emotion accuracy, balanced", "emotion_accuracy.balanced", "real.emotion_accuracy.balanced"),
        ("mel-cepstral distortion, dB", "mcd_db", None),
        ("real-time factor", "rtf", None),
    ]
    lines = ["", f"{'':34}{'voice':>10}{'real speech':>14}"]
    for title, name, real in rows:
        if name in figures:
            beside = f"{figures[real]:>14.3f}" if real in figures else ""
            lines.append(f"{title:34}{figures[name]:>10.3f}{beside}")
    lines += [
        "",
        "report:  reports/report.md",
        "voice:   models/export   (try: emotts say '안녕하세요, 반갑습니다.' --emotion happy -o happy.wav)",
        "compare: emotts ui",
    ]
    return lines
