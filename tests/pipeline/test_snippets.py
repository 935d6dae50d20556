"""Every snippet of the documentation: commands, options, files, targets and modules exist; Python code runs."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import soundfile
import typer.main
import yaml
from dvc.cli import DvcParserError, parse_args
from support.places import REPOSITORY
from support.served import served, tiny_voice
from support.snippets import CommandLine, Snippet, command_lines, named_commands, read_snippets
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts.checkpoint.voice_folder import write_voice
from emotts.cli.app import app
from emotts.corpus.sources.layout import load_layout
from emotts.settings import load_study

DOCUMENTS = (REPOSITORY / "README.md", REPOSITORY / "README.ko.md", *sorted((REPOSITORY / "docs").glob("*.md")))
SNIPPETS = [snippet for path in DOCUMENTS for snippet in read_snippets(path)]
SYSTEM = frozenset(
    {"cp", "createdb", "curl", "docker", "echo", "env", "export", "gzip", "optuna-dashboard", "psql", "source"}
)
"""Programs that are neither this project's nor its dependencies'; their arguments are not checked."""
SERVED = "http://127.0.0.1:8000"
"""Where the documents have the API; a test has it elsewhere."""
DRAWING = re.compile(r"->|^\S*/\s|\t", re.MULTILINE)
"""What only a diagram, a list of folders or a label track holds."""
REPOSITORY_FOLDERS = (
    "benchmarks",
    "deploy",
    "docs",
    "emotts",
    "examples",
    "experiments",
    "pipelines",
    "tests",
    "tools",
)


def of_language(language: str) -> list[Any]:
    return [pytest.param(each, id=str(each)) for each in SNIPPETS if each.language == language]


SHELL = [
    pytest.param(each, id=str(each))
    for each in SNIPPETS
    if each.language in ("", "sh", "bash") and not DRAWING.search(each.text)
]


def parsed_by(group: Any, words: Sequence[str]) -> str | None:
    """Let a command line of click or Typer read arguments without running anything; return what it complains of."""
    name, arguments, context = words[0], list(words[1:]), None
    try:
        while hasattr(group, "commands"):
            if not arguments:
                return "Missing argument: a command"
            context = group.make_context(name, arguments[:], parent=context)
            name, group, arguments = group.resolve_command(context, arguments)
        group.make_context(name, arguments, parent=context)
    except Exception as error:  # noqa: BLE001 -- Typer and click have classes of their own for the same errors
        message = getattr(error, "format_message", None)
        return f"{type(error).__name__}: {message() if message else error}"
    return None


def of_emotts(words: Sequence[str]) -> str | None:
    return parsed_by(typer.main.get_command(app), words)


def of_mlflow(words: Sequence[str]) -> str | None:
    from mlflow.cli import cli

    return parsed_by(cli, words)


def of_dvc(words: Sequence[str]) -> str | None:
    try:
        arguments = parse_args(list(words[1:]))
    except DvcParserError:
        return "dvc does not take these arguments"
    stages = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    unknown = set(getattr(arguments, "targets", None) or ()) - set(stages) if words[1] == "repro" else set()
    return f"no stage is named {', '.join(sorted(unknown))}" if unknown else None


def of_make(words: Sequence[str]) -> str | None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    unknown = [word for word in words[1:] if not re.search(rf"^{re.escape(word)}:", makefile, re.MULTILINE)]
    return f"the Makefile has no target {', '.join(unknown)}" if unknown else None


def of_python(words: Sequence[str]) -> str | None:
    if words[1] != "-m":
        return None
    with contextlib.suppress(ModuleNotFoundError):
        if importlib.util.find_spec(words[2]) is not None:
            return None
    return f"there is no module {words[2]}"


def of_pip(words: Sequence[str]) -> str | None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extras in re.findall(r"^emotts\[(.+)\]$", "\n".join(words), re.MULTILINE):
        unknown = set(extras.split(",")) - set(project["optional-dependencies"])
        if unknown:
            return f"there is no extra {', '.join(sorted(unknown))}"
    return None if words[1] == "install" else "pip is only told to install"


PROGRAMS: dict[str, Callable[[Sequence[str]], str | None]] = {
    "emotts": of_emotts,
    "mlflow": of_mlflow,
    "dvc": of_dvc,
    "make": of_make,
    "python": of_python,
    "pip": of_pip,
}


def missing_files(line: CommandLine) -> Iterator[str]:
    """Yield the files of the repository that a command names and that do not exist."""
    for word in line.words[1:]:
        named = word.rpartition("=")[2]
        if named.split("/")[0] in REPOSITORY_FOLDERS and "/" in named and not (REPOSITORY / named).exists():
            yield named


def complaint(line: CommandLine) -> str | None:
    """Return what is wrong with a command, where it stands and how it reads."""
    program = line.words[0]
    if program in SYSTEM:
        problem = None
    elif program in PROGRAMS:
        problem = PROGRAMS[program](line.words)
    else:
        problem = f"{program} is no program of this project, its dependencies or the system"
    missing = ", ".join(missing_files(line))
    problem = problem or (f"the repository has no {missing}" if missing else None)
    return None if problem is None else f"{line.where}: {' '.join(line.words)}: {problem}"


def complaints(lines: Sequence[CommandLine]) -> list[str]:
    return [each for each in map(complaint, lines) if each is not None]


@pytest.mark.parametrize("snippet", SHELL)
def test_commands_can_be_typed_as_they_stand(snippet: Snippet) -> None:
    lines = list(command_lines(snippet))
    assert lines
    assert complaints(lines) == []


def test_there_are_snippets_of_every_kind() -> None:
    assert len(SHELL) >= 15
    assert {path.name for path in DOCUMENTS} >= {"README.md", "README.ko.md", "tuning.md", "own-recording.md"}
    assert {"", "python", "yaml"} <= {snippet.language for snippet in SNIPPETS}
    assert {snippet.language for snippet in SNIPPETS} <= {"", "sh", "bash", "python", "yaml"}
    drawn = [each.text for each in SNIPPETS if each.language == "" and DRAWING.search(each.text)]
    assert [row for text in drawn for row in text.splitlines() if row.split(" ")[0] in PROGRAMS] == []


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in DOCUMENTS])
def test_commands_that_a_sentence_names_exist(path: Path) -> None:
    found = complaints(list(named_commands(path, programs=frozenset({"emotts", "make"}))))
    # a sentence may leave the arguments out
    assert [each for each in found if "Missing argument" not in each and "Missing option" not in each] == []


@pytest.mark.parametrize("snippet", of_language("python"))
def test_python_runs_with_a_voice(snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_voice(tmp_path / "models/export", make_synthesizer(), DESCRIPTION)
    monkeypatch.chdir(tmp_path)
    with contextlib.ExitStack() as stack:
        text = snippet.text
        if SERVED in text:
            text = text.replace(SERVED, stack.enter_context(served({"default": tiny_voice()})).address)
        # as many lines in front as in the document, so that an error names the line there
        code = compile("\n" * (snippet.line - 1) + text, str(snippet.path), "exec")
        exec(code, {"__name__": "snippet"})
    written = re.findall(r'(?:save|write_to_file)\("(.+)"\)', snippet.text)
    assert written
    for name in written:
        info = soundfile.info(tmp_path / name)
        assert info.samplerate == DESCRIPTION.sample_rate_hz
        assert info.frames > 0


@pytest.mark.parametrize("snippet", of_language("yaml"))
def test_yaml_is_a_study_a_layout_or_a_part_of_the_settings(snippet: Snippet, tmp_path: Path) -> None:
    values = yaml.safe_load(snippet.text)
    if "sounds" in values:
        path = tmp_path / "layout.yaml"
        path.write_text(snippet.text, encoding="utf-8")
        assert load_layout(path).name == values["name"]
        return
    if "objectives" in values:
        path = tmp_path / "study.yaml"
        path.write_text(snippet.text, encoding="utf-8")
        assert load_study(path, root=REPOSITORY).section.name == values["name"]
        return
    settings = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    for section, keys in values.items():
        assert set(keys) <= set(settings[section])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("emotts sya hello", "No such command 'sya'"),
        ("emotts say hello --emotoin sad", "No such option: --emotoin"),
        ("emotts base train experiments/none.yaml", "the repository has no experiments/none.yaml"),
        ("emotts base", "Missing argument: a command"),
        ("make demos", "the Makefile has no target demos"),
        ("python -m tools.render.none", "there is no module tools.render.none"),
        ("python -m tools.none.none", "there is no module tools.none.none"),
        ("dvc repor", "dvc does not take these arguments"),
        ("dvc repro corpse", "no stage is named corpse"),
        ("mlflow serve", "No such command 'serve'"),
        ("pip install 'emotts[asr,berd]'", "there is no extra berd"),
        ("emots say hello", "emots is no program"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_and_line(text: str, problem: str) -> None:
    snippet = Snippet(Path("docs/some.md"), 7, "", f"make demo  # right\n\n{text}\n")
    (found,) = complaints(list(command_lines(snippet)))
    assert found.startswith("some.md:9: ")
    assert problem in found


def test_what_may_be_left_out_and_what_is_for_the_shell_is_taken_off() -> None:
    text = 'emotts compare A B ... [-o page.html] [--all]\necho "x y" > deploy/.env\nemotts tune a.yaml --worker &\n'
    text += "docker a \\\n    b | gzip > c\nemotts ui\n"
    lines = list(command_lines(Snippet(Path("some.md"), 1, "", text)))
    assert [(line.where, line.words, line.written) for line in lines] == [
        ("some.md:1", ("emotts", "compare", "A", "B", "-o", "page.html", "--all"), ()),
        ("some.md:2", ("echo", "x y"), ("deploy/.env",)),
        ("some.md:3", ("emotts", "tune", "a.yaml", "--worker"), ()),
        ("some.md:4", ("docker", "a", "b"), ()),
        ("some.md:4", ("gzip",), ("c",)),
        ("some.md:6", ("emotts", "ui"), ()),
    ]
