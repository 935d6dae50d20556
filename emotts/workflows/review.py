"""The review of a project: what the page shows, and what it shows it with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from emotts.corpus.corrections.corrected_takes import UNCORRECTED
from emotts.corpus.corrections.corrections_file import make_file
from emotts.corpus.corrections.entry import Entry, Key, entry_of
from emotts.corpus.rows import Doubt, Recording, Reject, Utterance, read_rows
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError, EmottsError
from emotts.paths import CORRECTIONS, CORRECTIONS_LOCK, LABELS, PARAMS, RAW
from emotts.serving.review.words import LANGUAGES
from emotts.settings import Params, load_params
from emotts.workflows.texts import project_reader

if TYPE_CHECKING:
    from emotts.serving.review.shared import Review

__all__ = ["doubtful_texts", "read_entries", "review"]


def review(root: Path, *, host: str, port: int, language: str, ready: Callable[[], None]) -> None:
    """Serve the review page of a project until Ctrl-C.

    Args:
        root: the project.
        host: address to listen on.
        port: port to listen on.
        language: of the page.
        ready: called when the page can be opened.

    Raises:
        EmottsError: if the package of the page is not installed.
        ConfigError: if the address cannot be listened on, or the page is not in that language.
        CorpusError: if there is nothing to review yet, or a correction cannot be read.
    """
    try:
        from emotts.serving.address import check_port
        from emotts.serving.review.server import serve
    except ModuleNotFoundError as error:
        if error.name != "nicegui":
            raise
        raise EmottsError(
            "the package that shows pages is not installed", wanted="nicegui", remedy="pip install 'emotts[web]'"
        ) from error
    if language not in LANGUAGES:
        raise ConfigError("the page is not in this language", found=language, wanted=" or ".join(LANGUAGES))
    opened = _opened(root, load_params(root / PARAMS))
    check_port(host, port)
    serve(opened, host=host, port=port, language=language, ready=ready)


def _opened(root: Path, params: Params) -> Review:
    """Return the review of a project; its file of corrections is made where it is missing."""
    from emotts.serving.review.filters import Filters
    from emotts.serving.review.measuring import Measures, Readings
    from emotts.serving.review.session import Session
    from emotts.serving.review.shared import Review
    from emotts.serving.review.sounds import Sounds

    path = root / CORRECTIONS
    make_file(path)
    session = Session(
        lambda: read_entries(root, emotions=params.emotions),
        path,
        lock=root / CORRECTIONS_LOCK,
        emotions=params.emotions,
    )
    sounds = Sounds(root / RAW)
    readings = Readings(project_reader(params, root=root))
    measures = Measures(sounds, seed=params.project.seed)
    filters = Filters(readings, measures)
    return Review(session, sounds, readings, measures, filters, lambda: doubtful_texts(root), params.emotions)


def read_entries(root: Path, *, emotions: EmotionSet) -> Sequence[Entry]:
    """Return what the stage ``label`` made of the recordings, before any correction.

    Raises:
        CorpusError: if the stage has not run, or its rows cannot be read.
    """
    folder = root / LABELS / UNCORRECTED
    if not folder.is_dir():
        raise CorpusError("there is nothing to review yet", where=folder, remedy="run `dvc repro label` first")
    recordings = {row.file: row for row in read_rows(root / RAW / "recordings.jsonl", Recording)}
    rows: list[Utterance | Reject] = list(read_rows(folder / "utterances.jsonl", Utterance))
    rows += read_rows(folder / "rejects.jsonl", Reject)
    strange = next((row for row in rows if row.recording not in recordings), None)
    if strange is not None:
        raise CorpusError(
            f"recording {strange.recording!r} is not among the recordings",
            where=folder,
            remedy="run `dvc repro label` so that recordings and labels belong together",
        )
    return [entry_of(row, recordings[row.recording], emotions=emotions) for row in rows]


def doubtful_texts(root: Path) -> dict[Key, float]:
    """Return the confidence of the texts that the stage ``label`` wants to be checked by ear."""
    path = root / LABELS / "review.jsonl"
    rows = read_rows(path, Doubt) if path.is_file() else []
    return {(row.recording, round(1000 * row.start_s), round(1000 * row.end_s)): row.confidence for row in rows}
