"""The command line. Every command imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from emotts.cli.base import base_app
from emotts.cli.runs import runs_app
from emotts.cli.serving import serving_app
from emotts.cli.sources import sources_app
from emotts.cli.speaking import speaking_app
from emotts.cli.studies import studies_app
from emotts.errors import EmottsError
from emotts.paths import PARAMS, find_root
from emotts.progress import progress_bar
from emotts.runtime import INTERRUPTED
from emotts.system_refusals import stated_refusal

__all__ = ["app", "main"]

app = typer.Typer(
    help="One voice recording with acted emotions in; an emotional text-to-speech voice, and how good it is, out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(runs_app)
app.add_typer(serving_app)
app.add_typer(speaking_app)
app.add_typer(sources_app)
app.add_typer(studies_app)
app.add_typer(base_app, name="base")


@app.command()
def run(
    recording: Annotated[
        Path | None, typer.Argument(help="A recording, or a folder LANGUAGE/EMOTION/*; left out: as params.yaml says.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language spoken: KR, JP or EN.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Name of the speaker, as in the corpus.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the run; left out: what differs from the last one.")] = None,
    layout: Annotated[
        str | None, typer.Option(help="Name of the layout, or a yaml file of your own; left out: what fits.")
    ] = None,
) -> None:
    """Run the whole pipeline on a recording, and end with the report."""
    from emotts.settings import load_params
    from emotts.workflows.evaluation import require_listeners
    from emotts.workflows.importing import set_run_source
    from emotts.workflows.pipeline import refuse_what_stops_dvc, run_pipeline, summary_lines

    root = find_root(Path())
    for line in set_run_source(root, recording, layout=layout, language=language, speaker=speaker):
        print(line, flush=True)
    require_listeners(load_params(root / PARAMS))
    refuse_what_stops_dvc(root)
    code = run_pipeline(root, name=name)
    if code:
        raise typer.Exit(code)
    for line in summary_lines(root):
        print(line)


@app.command()
def check(
    source: Annotated[
        Path | None, typer.Argument(help="A recording, a folder of them, or a corpus; left out: data/corpus.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language spoken: KR, JP or EN; left out: as params.yaml says, else KR.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help="Name of the layout, or a yaml file of your own; left out: what fits.")
    ] = None,
    speaker: Annotated[str | None, typer.Option(help="The speaker to check, where there are several.")] = None,
) -> None:
    """Report on data: what is too short, clipped, noisy, unlabelled, imbalanced, and what to do about it."""
    from emotts.workflows.data_check import check as check_source

    logging.getLogger("emotts").setLevel(logging.ERROR)  # the report says it all, with place and remedy
    with progress_bar("reading", transient=True) as progress:
        report = check_source(Path(), source, language=language, layout=layout, speaker=speaker, progress=progress)
    for line in report.lines():
        print(line)
    if report.has_errors:
        raise typer.Exit(1)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 5000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open the MLflow UI on the project's store, or name the server that keeps the runs."""
    from emotts import tracking
    from emotts.evaluation.headline import HEADLINE
    from emotts.settings import load_params

    root = find_root(Path())
    experiment = load_params(root / PARAMS).project.experiment
    page = tracking.runs_page(root, experiment=experiment, metrics=HEADLINE)
    store = tracking.shown_store(root)
    if tracking.is_server(store):
        print(f"MLflow: {store}/{page}   (MLFLOW_TRACKING_URI: the server that keeps the runs shows them)")
        return
    print(f"MLflow: http://{host}:{port}/{page}   (Ctrl-C ends it)", flush=True)
    raise typer.Exit(tracking.serve_ui(root, host=host, port=port))


@app.command()
def review(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8090,
    host: Annotated[str, typer.Option(help="Address to listen on; nobody is asked for a password.")] = "127.0.0.1",
    lang: Annotated[str, typer.Option(help="Language of the page: en or ko.")] = "en",
) -> None:
    """Open a page to put texts, emotions and cuts right by ear; `dvc repro` then redoes what changed."""
    from emotts.workflows.review import review as serve_review

    for name in ("emotts", "nicegui"):  # the page says what is wrong
        logging.getLogger(name).setLevel(logging.ERROR)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    serve_review(find_root(Path()), host=host, port=port, language=lang, ready=lambda: _say_where(address))


def _say_where(address: str) -> None:
    print(f"review: {address}   (Ctrl-C ends it)", flush=True)


@app.command()
def doctor() -> None:
    """Show versions and devices, what is missing, and how to get it."""
    from emotts.workflows import doctor

    findings = doctor.examine(Path())
    for finding in findings:
        print(finding.line())
    if any(finding.broken for finding in findings):
        raise typer.Exit(1)


@app.command()
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write.")],
    emotion: Annotated[
        str | None, typer.Option(help="What a MeloTTS checkpoint speaks in, also a mixture; left out: neutral.")
    ] = None,
    intensity: Annotated[float | None, typer.Option(help="Of that emotion, up to 1.5; left out: 1.")] = None,
    format: Annotated[
        str, typer.Option(help="melotts: checkpoint.pth and config.json; onnx: text.onnx and decoder.onnx.")
    ] = "melotts",
    int8: Annotated[bool, typer.Option("--int8", help="With onnx: a decoder with weights of 8 bits as well.")] = False,
    voice: Annotated[Path, typer.Option(help="Voice folder or checkpoint folder.")] = Path("models/export"),
) -> None:
    """Write one emotion of a voice as a MeloTTS checkpoint, or all of them as ONNX graphs."""
    from emotts.workflows.export import export_for_others

    print(export_for_others(voice, output, format=format, emotion=emotion, intensity=intensity, int8=int8))


@app.command()
def preset(
    file: Annotated[Path, typer.Argument(help="YAML with some keys of params.yaml, such as experiments/presets/*.")],
) -> None:
    """Write the values of a preset into params.yaml; what it does not name stays as it is."""
    from emotts.settings.editing import apply_preset

    changes = apply_preset(find_root(Path()), file)
    for change in changes:
        print(f"{change.key}: {change.before} -> {change.after}")
    print(f"{len(changes)} values of params.yaml changed")


def main() -> None:
    """Run the command line; a stated problem is printed as its message and ends with status 1."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    try:
        app()
    except (EmottsError, OSError) as error:
        stated = stated_refusal(error, again="the same command") if isinstance(error, OSError) else error
        if stated is None:
            raise
        print(f"emotts: {stated}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("emotts: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
