"""The command line. Every command imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from emotts.cli_runs import runs_app
from emotts.errors import EmottsError

__all__ = ["app", "main"]

app = typer.Typer(
    help="One voice recording with acted emotions in; an emotional text-to-speech voice, and how good it is, out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
base_app = typer.Typer(help="Voices that a training can start from.", no_args_is_help=True)
app.add_typer(runs_app)
app.add_typer(base_app, name="base")
_INTERRUPTED = 130


@app.command()
def run(
    recording: Annotated[
        Path | None, typer.Argument(help="A recording, or a folder LANGUAGE/EMOTION/*; left out: as params.yaml says.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language spoken: KR, JP or EN.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Name of the speaker, as it stands in the corpus.")] = None,
) -> None:
    """Run the whole pipeline on a recording, and end with the report."""
    from emotts import project
    from emotts.config import load_params
    from emotts.voice_evaluation import require_listeners

    root = project.find_root(Path())
    project.set_source(root, recording=recording, language=language, speaker=speaker)
    require_listeners(load_params(root / "params.yaml"))
    code = project.reproduce(root)
    if code:
        raise typer.Exit(code)
    for line in project.summary(root):
        print(line)


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What to say; '-' reads it from standard input.")],
    emotion: Annotated[
        str, typer.Option(help="happy, 기쁨, a style, or a mixture: happy:0.7+surprised:0.3.")
    ] = "neutral",
    intensity: Annotated[float, typer.Option(help="0 neutral, 1 as recorded, up to 1.5.")] = 1.0,
    speed: Annotated[float, typer.Option(help="1 as recorded, 2 twice as fast.")] = 1.0,
    output: Annotated[Path, typer.Option("-o", "--output", help="The wav to write.")] = Path("speech.wav"),
    voice: Annotated[str, typer.Option(help="Voice folder, checkpoint folder, or models:/NAME@ALIAS.")] = (
        "models/export"
    ),
    speaker: Annotated[str | None, typer.Option(help="Speaker, where the voice has several.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same samples.")] = 0,
    bert_folder: Annotated[
        Path | None, typer.Option(help="Folder with the voice's BERT model in KR/, JP/ or EN/; left out: from the hub.")
    ] = None,
    bert_zeros: Annotated[
        bool, typer.Option("--bert-zeros", help="Speak, less well, without the BERT model that the voice wants.")
    ] = False,
    precision: Annotated[
        str, typer.Option(help="32, or bf16: faster where the processor multiplies bfloat16 in matrices.")
    ] = "32",
) -> None:
    """Speak a text into a wav."""
    from emotts.voice import Voice

    spoken = sys.stdin.read() if text == "-" else text
    speech = Voice.load(voice, bert_folder=bert_folder, bert_zeros=bert_zeros, precision=precision).speak(
        spoken, emotion=emotion, intensity=intensity, speed=speed, speaker=speaker, seed=seed
    )
    speech.save(output)
    print(f"{output}: {speech.duration_s:.2f} s at {speech.sample_rate_hz} Hz")


@app.command()
def check(
    source: Annotated[
        Path | None, typer.Argument(help="A recording, a folder of them, or a corpus; left out: data/corpus.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language spoken: KR, JP or EN; left out: as params.yaml says, else KR.")
    ] = None,
) -> None:
    """Report on data: what is too short, clipped, noisy, unlabelled, imbalanced, and what to do about it."""
    from emotts import project

    logging.getLogger("emotts").setLevel(logging.ERROR)  # the report says it all, with place and remedy
    with _progress_bar() as progress:
        report = project.check(Path(), source, language=language, progress=progress)
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
    from emotts import project, tracking
    from emotts.config import load_params

    root = project.find_root(Path())
    page = tracking.runs_page(root, experiment=load_params(root / "params.yaml").project.experiment)
    store = tracking.store_uri(root)
    if tracking.is_server(store):
        print(f"MLflow: {store}/{page}   (MLFLOW_TRACKING_URI: the server that keeps the runs shows them)")
        return
    print(f"MLflow: http://{host}:{port}/{page}   (Ctrl-C ends it)", flush=True)
    raise typer.Exit(tracking.serve_ui(root, host=host, port=port))


@app.command()
def doctor() -> None:
    """Show versions and devices, what is missing, and how to get it."""
    from emotts import diagnosis

    findings = diagnosis.examine(Path())
    for finding in findings:
        print(finding.line())
    if any(finding.broken for finding in findings):
        raise typer.Exit(1)


@app.command()
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write.")],
    emotion: Annotated[
        str, typer.Option(help="happy, 기쁨, a style, or a mixture: happy:0.7+surprised:0.3.")
    ] = "neutral",
    intensity: Annotated[float, typer.Option(help="0 neutral, 1 as recorded, up to 1.5.")] = 1.0,
    format: Annotated[str, typer.Option(help="melotts: checkpoint.pth and config.json.")] = "melotts",
    voice: Annotated[Path, typer.Option(help="Voice folder or checkpoint folder.")] = Path("models/export"),
) -> None:
    """Write one emotion of a voice as a checkpoint that every program running MeloTTS can load."""
    from emotts.checkpoint.melotts_export import export_melotts
    from emotts.errors import ConfigError

    if format != "melotts":
        raise ConfigError("unknown format", found=format, wanted="melotts")
    export_melotts(voice, output, emotion=emotion, intensity=intensity)
    print(f"{output}: checkpoint.pth and config.json, speaking {emotion} at intensity {intensity:g}")


@app.command()
def preset(
    file: Annotated[Path, typer.Argument(help="YAML with some keys of params.yaml, such as experiments/presets/*.")],
) -> None:
    """Write the values of a preset into params.yaml; what it does not name stays as it is."""
    from emotts import project

    changes = project.apply_preset(project.find_root(Path()), file)
    for change in changes:
        print(f"{change.key}: {change.before} -> {change.after}")
    print(f"{len(changes)} values of params.yaml changed")


@base_app.command(name="fetch")
def base_fetch(
    language: Annotated[str, typer.Argument(help="KR, JP or EN.")],
) -> None:
    """Download MeloTTS's published voice of a language into the cache, or check what lies there."""
    from emotts.checkpoint.published import fetch, published_voice

    voice = published_voice(language)
    record = fetch(voice)
    print(f"{voice.name}: {voice.repository} at {record['revision'] or 'an unknown revision'}")
    for name, digest in record["files"].items():
        print(f"  {record['folder']}/{name}  sha256 {digest}")
    print(f"use it with `base: {voice.name}` in params.yaml (and experiments/presets/melotts.yaml)")


@base_app.command(name="train")
def base_train(
    recipe: Annotated[Path, typer.Argument(help="Such as experiments/base-compact-ko.yaml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write the voice into; left out: models/base/NAME of the recipe.")
    ] = None,
    phase: Annotated[str | None, typer.Option(help="One phase of the recipe; left out: all, in order.")] = None,
) -> None:
    """Train a base voice by its recipe, or go on where a stopped training was."""
    from emotts.threads import wait_briefly

    wait_briefly()
    from emotts import project
    from emotts.base_training import BaseTraining
    from emotts.config import load_recipe

    logging.getLogger("emotts").setLevel(logging.INFO)
    root = project.find_root(Path())
    training = BaseTraining(load_recipe(recipe, root=root), root, out)
    with _progress_bar() as progress:
        written = training.run(phase, progress=progress)
    print(f"{training.folder}: written" if written else f"phase {phase} is done")


@app.command()
def tune(
    study: Annotated[Path, typer.Argument(help="Such as experiments/lr-and-embedding.yaml.")],
    storage: Annotated[
        str | None,
        typer.Option(help="postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///FILE; left out: optuna.db here."),
    ] = None,
    worker: Annotated[
        bool, typer.Option("--worker", help="Only run trials, beside other processes; draw and write nothing.")
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Run no trials; write the best values so far into params.yaml.")
    ] = False,
    trial: Annotated[
        int | None, typer.Option(help="With --apply and several objectives: whose values to take.")
    ] = None,
) -> None:
    """Search for better settings, each trial a training of its own; or go on where a stopped study was."""
    from emotts.threads import wait_briefly

    wait_briefly()
    from emotts import project
    from emotts.config import load_study
    from emotts.tuning.study import Tuning

    logging.getLogger("emotts").setLevel(logging.INFO)
    root = project.find_root(Path())
    described = load_study(study.resolve(), root=root)
    with chdir(root):
        tuning = Tuning(described, root, url=storage)
        if not apply:
            with _progress_bar() as progress:
                tuning.work(progress=progress)
        if worker:
            return
        conclusion = tuning.conclude()
        if not apply:
            for line in [*conclusion.lines, "", f"take them over: emotts tune {study} --apply"]:
                print(line)
            return
        changes = project.apply_preset(root, conclusion.file(trial))
    for change in changes:
        print(f"{change.key}: {change.before} -> {change.after}")
    stages = tuning.readers([change.key for change in changes])
    print(f"{len(changes)} values of params.yaml changed" + (f"; `dvc repro` runs {stages} again" if stages else ""))


@app.command()
def ablate(
    comparison: Annotated[Path, typer.Argument(help="Such as experiments/ablation.yaml.")],
) -> None:
    """Train and evaluate variants of the settings, and put their figures into a table; or go on with it."""
    from emotts.threads import wait_briefly

    wait_briefly()
    from emotts import project
    from emotts.ablation import AblationRun
    from emotts.config import load_ablation

    logging.getLogger("emotts").setLevel(logging.INFO)
    root = project.find_root(Path())
    described = load_ablation(comparison.resolve(), root=root)
    with chdir(root), _progress_bar() as progress:
        table = AblationRun(described, root).run(progress=progress)
    print(table.read_text(encoding="utf-8"), end="")
    print(f"the table: {table}")


@app.command(name="demo-recording")
def demo_recording(
    output: Annotated[Path, typer.Argument(help="The wav to write; its label track goes beside it.")] = Path(
        "demo_recording.wav"
    ),
    minutes: Annotated[float, typer.Option(help="Length in minutes.", min=0.05)] = 30.0,
    rate: Annotated[int, typer.Option(help="Sample rate in Hz.", min=8000)] = 48000,
    channels: Annotated[int, typer.Option(help="Number of channels.", min=1, max=8)] = 2,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 0,
) -> None:
    """Write a long synthetic recording (eSpeak NG) for benchmarks and tests."""
    from emotts.demo.espeak import render_recording

    path = render_recording(output, minutes=minutes, sample_rate_hz=rate, channels=channels, seed=seed)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """Show a progress bar on the terminal that vanishes at the end; yields ``report(done, total, note)``."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=None)

        def report(done: int, total: int, note: str) -> None:
            bar.update(task, completed=done, total=total, description=note)

        yield report


def main() -> None:
    """Run the command line; a stated problem is printed as its message and ends with status 1."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    try:
        app()
    except EmottsError as error:
        print(f"emotts: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("emotts: interrupted", file=sys.stderr)
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
