"""A project folder: where it is, its settings on disk, and running its pipeline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from emotts.config import load_params
from emotts.corpus.checks import CheckSettings, DataReport, Finding, check_data
from emotts.corpus.layout import resolve_language
from emotts.corpus.lists import read_list
from emotts.corpus.rows import write_text
from emotts.emotions import EmotionSet
from emotts.errors import ConfigError, CorpusError, EmottsError
from emotts.text.frontend import front_end
from emotts.yaml_edit import Change, merged, replaced

__all__ = [
    "BUILT_IN",
    "SENTENCES",
    "apply_preset",
    "check",
    "check_settings",
    "find_root",
    "reproduce",
    "set_source",
    "summary",
]

Progress = Callable[[int, int, str], None]

_INTERRUPTED = 130
SENTENCES = {
    "KR": "emotts/demo/script/ko.txt",
    "JP": "emotts/demo/script/ja.txt",
    "EN": "emotts/demo/script/en.txt",
}
"""Sentences of each language to evaluate a voice with."""

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
    """Write the recording, language and speaker into ``params.yaml``; nothing else in the file changes.

    The sentences that come with the project to evaluate a voice with go with the language; a file of one's own stays.
    What is ``None`` stays as it is; the file is not touched where nothing changes, or where a value is not allowed.

    Args:
        root: the project.
        recording: a file or folder; it is written relative to the project where it lies inside.
        language: code or name (``KR``, ``JP``, ``EN``, ``한국어``).
        speaker: a name without blanks.

    Raises:
        ConfigError: if a value is not allowed, or the file was not valid before.
        CorpusError: if there is no such recording, or the language is unknown.
    """
    path = root / "params.yaml"
    params = load_params(path)
    if recording is not None and not recording.exists():
        raise CorpusError("no such recording", where=recording, remedy="check the path: a file or a folder is wanted")
    changes = {
        ("recording", "source"): None if recording is None else _relative(recording, root),
        ("project", "language"): None if language is None else resolve_language(language),
        ("recording", "speaker"): speaker,
    }
    if changes["project", "language"] and params.evaluate.sentences in SENTENCES.values():
        changes["evaluate", "sentences"] = SENTENCES.get(str(changes["project", "language"]))
    before = path.read_text(encoding="utf-8")
    after = replaced(before, {key: value for key, value in changes.items() if value is not None})
    if after == before:
        return
    _check_valid(after, path)
    write_text(path, after)


def apply_preset(root: Path, preset: Path) -> list[Change]:
    """Write the values of a preset into ``params.yaml``; its other values and its comments stay.

    The file is not touched where nothing changes, or where the result would not be valid.

    Args:
        root: the project.
        preset: a YAML file with some of the keys of ``params.yaml``.

    Returns:
        What changed.

    Raises:
        ConfigError: if there is no such preset, a key is unknown, or the result would not be valid.
    """
    path = root / "params.yaml"
    load_params(path)
    if not preset.is_file():
        raise ConfigError(
            "no such preset", where=preset, remedy="name a YAML file, such as those in experiments/presets"
        )
    before = path.read_text(encoding="utf-8")
    after, changes = merged(before, preset.read_text(encoding="utf-8"), where=preset)
    if after != before:
        _check_valid(after, path)
        write_text(path, after)
    return changes


def _check_valid(text: str, path: Path) -> None:
    """Validate settings before they are written; raises ConfigError, which names ``path``."""
    with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        candidate = Path(folder) / path.name
        candidate.write_text(text, encoding="utf-8")
        try:
            load_params(candidate)
        except ConfigError as error:
            message = str(error).replace(str(candidate), str(path))
            raise ConfigError(message) from error


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


def check(
    start: Path, source: Path | None, *, language: str | None = None, progress: Progress | None = None
) -> DataReport:
    """Report on a recording, a folder of recordings or a corpus; ``None`` means the project's ``data/corpus``.

    Args:
        start: folder in the project, if there is one.
        source: what to report on.
        language: code or name; None: as ``params.yaml`` says.
        progress: called as ``progress(done, total, note)`` while the clips of a corpus are measured.

    Raises:
        ConfigError: if nothing is named outside of a project, or ``params.yaml`` is not valid.
        CorpusError: if there is nothing at ``source``, or the language is unknown.
        TextError: if the language has no front end.
    """
    source = _default_source(start) if source is None else source
    if not source.exists():
        raise CorpusError("nothing is there", where=source, wanted="a recording, a folder of recordings, or a corpus")
    settings = check_settings(start)
    if language is not None:
        settings = replace(settings, language=resolve_language(language))
    report = check_data(source, settings=settings, front_end=front_end(settings.language))
    if (source / "metadata.list").is_file():
        return DataReport((*report.findings, *_label_findings(source, settings, progress=progress)), report.tables)
    return report


def _label_findings(corpus: Path, settings: CheckSettings, *, progress: Progress | None) -> list[Finding]:
    """Return clips of a corpus that sound like another emotion than their label; none where clips are unusable."""
    # seconds to import, and needed for a corpus alone
    from emotts.judges.emotion_features import FEATURE_NAMES
    from emotts.judges.fitting import measure_items
    from emotts.judges.label_doubts import MIN_AGREEMENT, doubt_labels

    try:
        items = [item for name in ("train", "val", "test") for item in read_list(corpus / f"{name}.list")]
        measured = measure_items(corpus, items, emotions=settings.emotions, progress=progress)
    except EmottsError:
        return []  # the report names what is wrong with the lists or the clips
    judged = doubt_labels(measured.features, measured.emotions, measured.speakers, FEATURE_NAMES, seed=settings.seed)
    if judged is None:
        return []
    if judged.agreement < MIN_AGREEMENT:
        what = f"emotions are hard to tell apart: a classifier recognises {judged.agreement:.0%} of unseen clips"
        remedy = "act the emotions more clearly; the voice cannot show a difference that the recording lacks"
        return [Finding("warning", str(corpus), what, remedy)]
    remedy = "listen to it; correct the label, or leave the clip out"
    return [
        Finding(
            "warning",
            items[doubt.place].wav,
            f"possibly mislabelled: labelled {doubt.label}, sounds like {doubt.heard} (probability "
            f"{doubt.probability:.2f}, by a classifier fitted on other clips)",
            remedy,
        )
        for doubt in judged.doubts
    ]


def _default_source(start: Path) -> Path:
    """Return the corpus of the project around ``start``."""
    remedy = "name what to check: emotts check RECORDING"
    try:
        corpus = find_root(start) / "data" / "corpus"
    except ConfigError as error:
        raise ConfigError("nothing to check: no emotts project here", where=error.where, remedy=remedy) from error
    if not (corpus / "metadata.list").is_file():
        raise CorpusError("there is no corpus yet", where=corpus, remedy=f"{remedy}, or run `dvc repro corpus` first")
    return corpus.relative_to(Path.cwd()) if corpus.is_relative_to(Path.cwd()) else corpus


def _relative(recording: Path, root: Path) -> str:
    absolute = recording.resolve()
    return str(absolute.relative_to(root)) if absolute.is_relative_to(root) else str(absolute)


def reproduce(root: Path) -> int:
    """Run ``dvc repro`` in the project with this interpreter's programs first on the path; return its status.

    On Ctrl-C, which the terminal sends to DVC and its stage as well, it waits until both have ended.
    """
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": programs + os.pathsep + os.environ.get("PATH", ""), "DVC_NO_ANALYTICS": "1"}
    interrupted = False
    with subprocess.Popen([sys.executable, "-m", "dvc", "repro"], cwd=root, env=environment) as process:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                interrupted = True
            else:
                return _INTERRUPTED if interrupted else code


def summary(root: Path) -> list[str]:
    """Return the lines that a finished run ends with: the main figures, and where everything lies."""
    path = root / "reports" / "evaluation.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        ("emotion accuracy, balanced", "emotion_accuracy.balanced", "real.emotion_accuracy.balanced"),
        ("characters misheard", "cer", "real.cer"),
        ("likeness to the speaker", "speaker_similarity", "real.speaker_similarity"),
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
