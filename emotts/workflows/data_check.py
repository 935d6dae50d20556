"""The data report of ``emotts check`` on recordings or a corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from emotts.corpus.check.report_on import CheckSettings, DataReport, Finding, check_data, is_corpus
from emotts.corpus.lists import read_list
from emotts.corpus.sources.languages import resolve_language
from emotts.errors import ConfigError, CorpusError, EmottsError
from emotts.paths import CORPUS, PARAMS, NoProjectError, find_root
from emotts.progress import Progress
from emotts.settings import Params, default_params, default_root, load_params
from emotts.workflows.importing import named_layout
from emotts.workflows.label_recognition import is_installed
from emotts.workflows.texts import project_reader

__all__ = ["check", "check_settings"]


def check_settings(params: Params) -> CheckSettings:
    """Return the settings to check data by."""
    return CheckSettings(
        language=params.project.language,
        emotions=params.emotions,
        audio=params.audio,
        segment=params.segment,
        label=params.label,
        corpus=params.corpus,
        seed=params.project.seed,
        hears=is_installed(params),
        layout=params.recording.layout,
        speaker=params.recording.speaker,
    )


def check(
    start: Path,
    source: Path | None,
    *,
    language: str | None = None,
    layout: str | None = None,
    speaker: str | None = None,
    progress: Progress | None = None,
) -> DataReport:
    """Report on a recording, a folder of recordings or a corpus; ``None`` means the project's ``data/corpus``.

    Args:
        start: folder in the project, if there is one.
        source: what to report on.
        language: code or name; None: as ``params.yaml`` says.
        layout: name or file; None: as ``params.yaml`` says for its own source, the one that fits for any other.
        speaker: the one to check, where the source has several; None: as ``params.yaml`` says.
        progress: called as ``progress(done, total, note)`` while the clips of a corpus are measured.

    Raises:
        ConfigError: if nothing is named outside of a project, or ``params.yaml`` is not valid.
        CorpusError: if there is nothing at ``source``, or the language is unknown.
        TextError: if the language has no front end.
    """
    source = _default_source(start) if source is None else source
    if not source.exists():
        raise CorpusError("nothing is there", where=source, wanted="a recording, a folder of recordings, or a corpus")
    params, root = _params_around(start)
    settings = check_settings(params)
    if language is not None:
        settings = replace(settings, language=resolve_language(language))
    if layout is not None or source.resolve() != (root / params.recording.source).resolve():
        settings = replace(settings, layout=named_layout(layout, {}))
    if speaker is not None:
        settings = replace(settings, speaker=speaker)
    reader = project_reader(params, root=root, language=settings.language)
    report = check_data(source, settings=settings, front_end=reader)
    if is_corpus(source):
        return DataReport((*report.findings, *_label_findings(source, settings, progress=progress)), report.tables)
    return report


def _params_around(start: Path) -> tuple[Params, Path]:
    """Return the settings of the project around a folder and where it is; outside of one those emotts comes with."""
    try:
        root = find_root(start)
    except NoProjectError:
        return default_params(), default_root()
    return load_params(root / PARAMS), root


def _label_findings(corpus: Path, settings: CheckSettings, *, progress: Progress | None) -> list[Finding]:
    """Return clips of a corpus that sound like another emotion than their label; none where clips are unusable."""
    # seconds to import, and needed for a corpus alone
    from emotts.recognition.emotion_features import FEATURE_NAMES
    from emotts.recognition.fitting import measure_items
    from emotts.recognition.label_errors import MIN_AGREEMENT, find_label_errors

    try:
        items = [item for name in ("train", "val", "test") for item in read_list(corpus / f"{name}.list")]
        measured = measure_items(corpus, items, emotions=settings.emotions, progress=progress)
    except EmottsError:
        return []  # the report names what is wrong with the lists or the clips
    found = find_label_errors(
        measured.features, measured.emotions, measured.speakers, FEATURE_NAMES, seed=settings.seed
    )
    if found is None:
        return []
    if found.agreement < MIN_AGREEMENT:
        what = f"emotions are hard to tell apart: a classifier recognises {found.agreement:.0%} of unseen clips"
        remedy = "act the emotions more clearly; the voice cannot show a difference that the recording lacks"
        return [Finding("warning", str(corpus), what, remedy)]
    remedy = "listen to it; correct the label, or leave the clip out"
    return [
        Finding(
            "warning",
            items[error.place].wav,
            f"possibly mislabelled: labelled {error.label}, sounds like {error.heard} (probability "
            f"{error.probability:.2f}, by a classifier fitted on other clips)",
            remedy,
        )
        for error in found.errors
    ]


def _default_source(start: Path) -> Path:
    """Return the corpus of the project around ``start``."""
    remedy = "name what to check: emotts check RECORDING"
    try:
        corpus = find_root(start) / CORPUS
    except NoProjectError as error:
        raise ConfigError("nothing to check: no emotts project here", where=error.where, remedy=remedy) from error
    if not (corpus / "metadata.list").is_file():
        raise CorpusError("there is no corpus yet", where=corpus, remedy=f"{remedy}, or run `dvc repro corpus` first")
    return corpus.relative_to(Path.cwd()) if corpus.is_relative_to(Path.cwd()) else corpus
