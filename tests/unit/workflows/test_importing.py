"""What ``emotts import`` and ``emotts run`` understand of a source, and what they write."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY
from support.sources import fill

from emotts.corpus.sources.layout import Layout, builtin_layouts
from emotts.errors import ConfigError, CorpusError
from emotts.settings import load_params
from emotts.settings.editing import set_source
from emotts.workflows.importing import named_layout, set_run_source, understand
from emotts.workflows.run_inputs import logged_settings

ORIGINAL = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
TABLE = "clip,said,mood,who\na.wav,Hello there,happy,mina\nb.wav,Good bye,sad,mina\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    table = (
        "file,text,emotion,speaker,language\na.wav,Hello there,happy,mina,en\nb.wav,Good bye,sad,mina,en\nc.wav,,x,,\n"
    )
    return fill(tmp_path / "clips", {"metadata.csv": table, "notes.txt": "x"}, "a.wav", "b.wav", "d.wav")


def test_what_is_understood_is_said(root: Path, clips: Path) -> None:
    found = understand(root, clips)
    assert (found.language, found.speaker, found.layout) == ("EN", "mina", "csv")
    assert found.lines() == [
        f"{clips}: layout csv ({builtin_layouts()['csv'].about})",
        "  files      2 taken in, 2 passed over",
        "  language   EN 2",
        "  speaker    mina 2",
        "  emotion    happy 1, sad 1",
        "  texts      given in metadata.csv 2",
        "  example    a.wav: EN, happy, mina, 'Hello there'",
        "  example    b.wav: EN, sad, mina, 'Good bye'",
        f"  passed over 1: not named in the table (metadata.csv): {clips / 'd.wav'}",
        f"  passed over 1: row names no sound file of the source ('c.wav'): {clips / 'metadata.csv'}:4",
        "  not used   .txt 1",
    ]
    assert found.short() == (
        f"{clips}: 2 files, layout csv; happy 1, sad 1; texts: given in metadata.csv 2; 2 passed over "
        "(`emotts import` shows them)"
    )


def test_recordings_with_label_files_and_their_faults(root: Path) -> None:
    files = {
        "happy/a.srt": "1\n0:00:01 --> 0:00:02\n가\n",
        "sad/b.labels.txt": "1\t2\t[hapy] 나\n",
        "sad/c.txt": "다\n라\n",
    }
    source = fill(root / "takes", files, "happy/a.wav", "sad/b.wav", "sad/c.wav", "sad/d.wav")
    found = understand(root, source, speaker="yuna")
    assert (found.language, found.speaker, found.layout) == ("KR", "yuna", "folders")
    assert found.lines()[4:6] == [
        "  emotion    sad 3, happy 1",
        "  texts      label file (*.labels.txt) 1, label file (*.srt) 1, none 1, script (*.txt) 1",
    ]
    (problem,) = found.problems
    assert problem.startswith(f"{source / 'sad/b.labels.txt'}:1: unknown emotion 'hapy'")
    assert found.lines()[-1] == f"  to mend: {problem}"


def test_names_that_cannot_be_printed_are_escaped(root: Path) -> None:
    source = fill(root / "takes", None, "happy/a.wav", "happy/b\nc.wav")
    (source / "happy/a.wav").rename(source / "happy" / os.fsdecode(b"\xff.wav"))
    lines = understand(root, source).lines()
    assert lines[6] == "  example    happy/b\\nc.wav: KR, happy, none"
    assert lines[7] == f"  passed over 1: the name of the file is not UTF-8: {source}/happy/\\udcff.wav"


def test_several_speakers_are_listed(root: Path) -> None:
    files = {"metadata.list": "a.wav|mina|KR|가\nb.wav|bora|KR|나\nc.wav|bora|KR|다\n"}
    source = fill(root / "clips", files, "a.wav", "b.wav", "c.wav")
    with pytest.raises(CorpusError, match=r"several speakers(.|\n)*found: bora \(2\), mina \(1\)(.|\n)*--speaker bora"):
        understand(root, source)
    assert len(understand(root, source, speaker="mina").chosen.files) == 1


def test_columns_of_any_name(root: Path) -> None:
    source = fill(root / "clips", {"list.csv": TABLE}, "a.wav", "b.wav")
    layout = named_layout(None, {"file": "clip", "text": "said", "emotion": "mood", "speaker": "who"})
    found = understand(root, source, layout=layout, language="EN")
    assert [(file.text, file.emotion, file.speaker) for file in found.chosen.files] == [
        ("Hello there", "happy", "mina"),
        ("Good bye", "sad", "mina"),
    ]
    set_source(root, recording=source, language="EN", speaker="mina", layout=found.layout)
    params = load_params(root / "params.yaml")
    assert params.recording.layout == layout
    assert understand(root, source, layout=params.recording.layout).chosen.files == found.chosen.files


def test_a_layout_of_ones_own(root: Path) -> None:
    own = root / "mine.yaml"
    own.write_text(
        "name: mine\nabout: studio takes\nkind: clips\nsounds: ['{speaker}-{emotion:h|s}-{number}']\n"
        "codes: {emotion: {part: emotion, values: {h: happy, s: sad}}}\n",
        encoding="utf-8",
    )
    source = fill(root / "clips", None, "mina-h-1.wav", "mina-s-2.wav")
    layout = named_layout(str(own), {})
    assert isinstance(layout, Layout)
    found = understand(root, source, layout=layout)
    assert [(file.emotion, file.speaker) for file in found.chosen.files] == [("happy", "mina"), ("sad", "mina")]
    for chosen in (layout, builtin_layouts()["csv"], "csv", "auto"):
        set_source(root, recording=source, language=None, speaker=None, layout=chosen)
        assert load_params(root / "params.yaml").recording.layout == chosen
        logged = logged_settings(load_params(root / "params.yaml"))
        assert logged["recording.layout"] == (chosen if isinstance(chosen, str) else chosen.name)
        assert [name for name in logged if name.startswith("recording.layout.")] == []
    assert "# Hz; sample rate of the segments and of the voice" in (root / "params.yaml").read_text(encoding="utf-8")


def test_a_layout_of_takes_with_scripts(root: Path) -> None:
    layout = Layout(name="t", about="takes", kind="takes", sounds=("{language}/{speaker}_{emotion}_{n}",))
    files = {"EN/mina_happy_1.txt": "One.\nTwo.\n"}
    source = fill(root / "takes", files, "EN/mina_happy_1.wav", "EN/mina_sad_2.wav", "EN/other.wav")
    found = understand(root, source, layout=layout)
    assert [(file.language, file.speaker, file.emotion, file.is_clip) for file in found.chosen.files] == [
        ("EN", "mina", "happy", False),
        ("EN", "mina", "sad", False),
    ]
    assert [each.reason for each in found.chosen.rejected] == ["name does not fit the layout"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "layout cannot be used"),
        ("name: x\nkind: clips\nsounds: [a]\n", "key 'about' is missing"),
        ("name: x\nabout: y\nkind: songs\nsounds: [a]\n", "kind = 'songs'"),
        ("name: x\nabout: y\nkind: clips\nsounds: ['{A}']\n", "part 'A' of a pattern has no usable name"),
        ("name: x\nabout: y\nkind: clips\nsounds: []\n", "sounds"),
        ("name: x\nabout: y\nkind: clips\nsounds: [a]\nconstants: {mood: sad}\n", "constants: unknown mood; known are"),
        ("name: x\nabout: y\nkind: clips\nsounds: [a]\ncodes: {text: {part: b, values: {}}}\n", "has the part 'b'"),
        ("name: x\nabout: y\nkind: clips\nsounds: [a]\ntable: {file: a, format: rows}\n", "must name 'file'"),
        ("name: [\n", "layout is not valid YAML"),
        ("- 1\n", "layout cannot be used"),
    ],
)
def test_layouts_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as caught:
        named_layout(str(path), {})
    assert str(caught.value).startswith(str(path))


def test_columns_belong_to_tables(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="columns can be named for csv, tsv and jsonl alone\n  found: layout esd"):
        named_layout("esd", {"text": "said"})
    with pytest.raises(ConfigError, match="unknown columns mood; known are file"):
        named_layout("csv", {"mood": "said"})
    with pytest.raises(ConfigError, match="layout cannot be read"):
        named_layout(str(tmp_path / "none.yaml"), {})


def test_a_run_writes_what_it_is_told_and_says_what_it_understood(root: Path, clips: Path) -> None:
    (line,) = set_run_source(root, clips, layout=None, language=None, speaker="yuna")
    assert line.startswith(f"{clips}: 2 files, layout csv; happy 1, sad 1")
    params = load_params(root / "params.yaml")
    assert (params.recording.source, params.recording.layout, params.recording.speaker) == ("clips", "auto", "yuna")
    assert params.project.language == "EN"
    assert set_run_source(root, None, layout=None, language="KR", speaker="nezumi") == []


def test_a_run_keeps_the_layout_of_the_same_source(root: Path, clips: Path) -> None:
    set_source(root, recording=clips, language="EN", speaker="mina", layout="csv")
    set_run_source(root, clips, layout=None, language=None, speaker=None)
    assert load_params(root / "params.yaml").recording.layout == "csv"
    other = fill(root / "other", None, "happy/a.wav")
    set_run_source(root, other, layout=None, language=None, speaker=None)
    assert load_params(root / "params.yaml").recording.layout == "auto"


def test_nothing_is_written_where_nothing_is_understood(root: Path) -> None:
    source = fill(root / "emodb", None, "03a01Fa.wav")
    message = r"nothing of the source can be used\n  found: language is not supported: 1; .*'DE'"
    with pytest.raises(CorpusError, match=message):
        set_run_source(root, source, layout=None, language=None, speaker=None)
    with pytest.raises(CorpusError, match="nowhere: no such recording"):
        set_run_source(root, root / "nowhere", layout=None, language=None, speaker=None)
    assert (root / "params.yaml").read_text(encoding="utf-8") == ORIGINAL
