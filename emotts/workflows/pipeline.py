"""Running the whole pipeline, and the summary that it ends with."""

from __future__ import annotations

import functools
import json
import logging
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from emotts.corpus.corrections.corrections_file import make_file
from emotts.corpus.sources.walk import STOPS_DVC, walk
from emotts.errors import AudioError
from emotts.evaluation.reference import about_reference
from emotts.paths import CORRECTIONS, PARAMS, REPORTS
from emotts.runtime import INTERRUPTED, end_with_parent
from emotts.settings import load_params
from emotts.tracking.origin import NAME_VARIABLE
from emotts.workflows.dvc_repair import keep_lock, repair

__all__ = ["refuse_what_stops_dvc", "run_pipeline", "summary_lines"]

_WIDTH = 78
_LOG = logging.getLogger(__name__)


def run_pipeline(root: Path, *, name: str | None = None) -> int:
    """Run ``dvc repro`` in the project with this interpreter's programs first on the path; return its status.

    On Ctrl-C, which the terminal sends to DVC and its stage as well, it waits until both have ended. What an earlier
    DVC left damaged is repaired first, and said. A project that has no file of corrections gets an empty one.
    """
    make_file(root / CORRECTIONS)
    for line in repair(root):
        _LOG.warning("%s", line)
    try:
        return _run_dvc(root, name=name)
    finally:
        keep_lock(root)


def refuse_what_stops_dvc(root: Path) -> None:
    """Refuse recordings among which there is a file at which DVC fails or waits without end.

    Raises:
        ConfigError: if ``params.yaml`` cannot be used.
        AudioError: if there is one.
    """
    source = root / load_params(root / PARAMS).recording.source
    if not source.is_dir():
        return
    walked = walk(source)
    for each in (*walked.lost, *walked.passed):
        if each.reason in STOPS_DVC:
            raise AudioError(each.reason, where=each.where, remedy=STOPS_DVC[each.reason])


def _run_dvc(root: Path, *, name: str | None) -> int:
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": programs + os.pathsep + os.environ.get("PATH", ""), "DVC_NO_ANALYTICS": "1"}
    if name is not None:
        environment[NAME_VARIABLE] = name
    interrupted = False
    end = functools.partial(end_with_parent, signal.SIGTERM)
    command = [sys.executable, "-m", "dvc", "repro"]
    with subprocess.Popen(command, cwd=root, env=environment, preexec_fn=end) as process:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                interrupted = True
            else:
                return INTERRUPTED if interrupted else code


def summary_lines(root: Path) -> list[str]:
    """Return the lines that a finished run ends with: the main metrics, and where everything lies."""
    path = root / REPORTS / "evaluation.json"
    metrics = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        ("emotion accuracy, balanced", "emotion_accuracy.balanced", "reference.emotion_accuracy.balanced"),
        ("character error rate", "cer", "reference.cer"),
        ("speaker similarity", "speaker_similarity", "reference.speaker_similarity"),
        ("mel-cepstral distortion, dB", "mcd_db", None),
        ("real-time factor", "rtf", None),
    ]
    about = about_reference(root / load_params(root / PARAMS).recording.source)
    lines = ["", *([] if about is None else [*textwrap.wrap(about, _WIDTH), ""])]
    lines.append(f"{'':34}{'voice':>10}{'reference':>14}")
    for title, name, reference in rows:
        if name in metrics:
            beside = f"{metrics[reference]:>14.3f}" if reference in metrics else ""
            lines.append(f"{title:34}{metrics[name]:>10.3f}{beside}")
    lines += [
        "",
        "report:  reports/report.md",
        "voice:   models/export   (try: emotts say '안녕하세요, 반갑습니다.' --emotion happy -o happy.wav)",
        "compare: emotts ui",
    ]
    return lines
