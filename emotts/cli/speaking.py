"""The command that speaks: say, for one text or for a table of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emotts.errors import ConfigError
from emotts.progress import progress_bar

if TYPE_CHECKING:
    from emotts.checkpoint.delivery import DeliveryOptions
    from emotts.voice import Voice

__all__ = ["speaking_app"]

speaking_app = typer.Typer()

Emotion = Annotated[str, typer.Option(help="happy, 기쁨, a style, or a mixture: happy:0.7+surprised:0.3.")]
Intensity = Annotated[float, typer.Option(help="0 neutral, 1 as recorded, up to 1.5.")]
Text = Annotated[str | None, typer.Argument(help="What to say; '-' reads it from standard input.")]
Batch = Annotated[Path | None, typer.Option(help="A csv or jsonl table of texts to speak into the folder of -o.")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="The file to write, '-' for standard output; with --batch the folder."),
]
Format = Annotated[str | None, typer.Option(help="wav, flac, ogg, opus or mp3; left out: as the file ends.")]
Noise = Annotated[float | None, typer.Option(help="How much is left to chance: 0 nothing; left out: as exported.")]
BertFolder = Annotated[
    Path | None, typer.Option(help="Folder with the voice's BERT model in KR/, JP/ or EN/; left out: from the hub.")
]
BertZeros = Annotated[
    bool, typer.Option("--bert-zeros", help="Speak, less well, without the BERT model that the voice wants.")
]
Precision = Annotated[
    str, typer.Option(help="32, or bf16: faster where the processor multiplies bfloat16 in matrices.")
]
AnyVoice = Annotated[str, typer.Option(help="Voice folder, checkpoint folder, or models:/NAME@ALIAS.")]
Lexicon = Annotated[Path | None, typer.Option(help="File of your own words: WORD, a tab, READING on each line.")]

_STANDARD = Path("-")


@speaking_app.command()
def say(
    text: Text = None,
    emotion: Emotion = "neutral",
    intensity: Intensity = 1.0,
    speed: Annotated[float, typer.Option(help="1 as recorded, 2 twice as fast; 0.25 to 4.")] = 1.0,
    pitch_shift: Annotated[float, typer.Option(help="Semitones to raise the voice by; -12 to 12.")] = 0.0,
    pitch_range: Annotated[float, typer.Option(help="Factor on the movement of the pitch; 0 to 4.")] = 1.0,
    pause_scale: Annotated[float, typer.Option(help="Factor on the pauses between sentences; 0 to 10.")] = 1.0,
    noise_scale: Noise = None,
    output: Output = None,
    format: Format = None,
    batch: Batch = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that no batch wrote.")] = False,
    voice: AnyVoice = "models/export",
    speaker: Annotated[str | None, typer.Option(help="Speaker, where the voice has several.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same samples.")] = 0,
    bert_folder: BertFolder = None,
    bert_zeros: BertZeros = False,
    precision: Precision = "32",
    lexicon: Lexicon = None,
    no_markup: Annotated[bool, typer.Option("--no-markup", help="Read brackets as a part of the text.")] = False,
    show_reading: Annotated[bool, typer.Option("--show-reading", help="Print how each word is read.")] = False,
) -> None:
    """Speak a text into a file, or a table of texts into a folder; docs/speaking.md has the markup of texts."""
    from emotts.checkpoint.delivery import DeliveryOptions
    from emotts.voice import Voice

    how = DeliveryOptions(emotion=emotion, intensity=intensity, speed=speed, speaker=speaker, seed=seed)
    how |= DeliveryOptions(pitch_shift=pitch_shift, pitch_range=pitch_range, pause_scale=pause_scale)
    how["noise_scale"] = noise_scale
    to = _Target.of(text, batch, output=output, format=format)
    load = partial(Voice.load, voice, bert_folder=bert_folder, bert_zeros=bert_zeros, precision=precision)
    if batch is None:
        _speak_text(partial(load, lexicon=lexicon), str(text), to, how=how, markup=not no_markup, show=show_reading)
    else:
        _speak_table(partial(load, lexicon=lexicon), batch, to, how=how, markup=not no_markup, force=force)


@dataclass(frozen=True)
class _Target:
    """The file or folder to write, and the name of the format of sound."""

    path: Path
    format: str

    @classmethod
    def of(cls, text: str | None, batch: Path | None, *, output: Path | None, format: str | None) -> _Target:
        """Return where to write; raises ConfigError if the options do not fit together."""
        from emotts.audio.encoding import format_of

        if (text is None) == (batch is None):
            raise ConfigError("say speaks a text or a table", wanted='emotts say "TEXT", or emotts say --batch FILE')
        if batch is None:
            chosen = output or Path(f"speech.{format or 'wav'}")
            return cls(chosen, format_of(chosen, named=format or ("wav" if chosen == _STANDARD else None)))
        if output is None or output == _STANDARD or output.is_file():
            raise ConfigError("a table is spoken into a folder", found=output or "no -o", wanted="-o FOLDER")
        return cls(output, format_of(output, named=format or "wav"))


def _speak_text(
    load: Callable[[], Voice], text: str, to: _Target, *, how: DeliveryOptions, markup: bool, show: bool
) -> None:
    """Speak a text into a file, or to standard output; then everything else that is said goes to standard error."""
    from emotts.checkpoint.delivery import Delivery

    Delivery(**how)
    told = sys.stderr if to.path == _STANDARD else sys.stdout
    spoken = sys.stdin.read() if text == "-" else text
    voice = load()
    if show:
        for word in voice.words(spoken, markup=markup):
            left_out = f" (left out: {' '.join(word.left_out)})" if word.left_out else ""
            print(f"{word.word} -> {word.reading} -> {' '.join(word.phones)}: {word.source}{left_out}", file=told)
    speech = voice.speak(spoken, markup=markup, **how)
    if to.path == _STANDARD:
        sys.stdout.buffer.write(speech.encoded(to.format))
        sys.stdout.buffer.flush()
    else:
        speech.save(to.path, name=to.format)
    print(f"{to.path}: {speech.duration_s:.2f} s at {speech.sample_rate_hz} Hz", file=told)


def _speak_table(
    load: Callable[[], Voice], table: Path, to: _Target, *, how: DeliveryOptions, markup: bool, force: bool
) -> None:
    """Speak the rows of a table into a folder; ends with status 1 if one of them failed."""
    from emotts.checkpoint.delivery import Delivery
    from emotts.workflows.batch import MANIFEST, speak_batch
    from emotts.workflows.batch_rows import read_batch

    Delivery(**how)
    rows = read_batch(table, ending=to.format, options=how)
    voice = load()
    with progress_bar("speaking", transient=True) as progress:
        outcome = speak_batch(voice, rows, to.path, markup=markup, force=force, progress=progress)
    for problem in outcome.problems:
        print(problem, file=sys.stderr)
    counts = f"{outcome.n_spoken} spoken, {outcome.n_kept} finished before, {len(outcome.problems)} failed"
    print(f"{to.path / MANIFEST}: {counts}")
    if outcome.problems:
        raise typer.Exit(1)
