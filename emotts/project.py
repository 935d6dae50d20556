"""A project folder: where it is, its settings on disk, and running its pipeline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from emotts.config import load_params
from emotts.corpus.rows import write_text
from emotts.errors import ConfigError, CorpusError

__all__ = ["find_root", "reproduce", "set_source", "summary"]


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
