"""What people bring by mistake: an error that says what to do, or a reject with its reason; nothing is lost."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import soundfile
from support.sources import EMOTIONS

from emotts.audio.opening import SOUND_SUFFIXES
from emotts.corpus.rows import Recording, Reject, read_rows
from emotts.corpus.sources.choosing import read_source
from emotts.corpus.sources.collect import collect_recordings
from emotts.errors import EmottsError

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(5)
CSV = "file,text,emotion\n"
ROW = f"{CSV}a.wav,안녕,happy\n"


def sound(path: Path, *, rate: int = 16000, level: float = 0.3) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, level * RNG.uniform(-1, 1, rate // 10), rate, format="WAV")
    return path


def sounds(*names: str) -> Callable[[Path], None]:
    def lay(root: Path) -> None:
        for name in names:
            sound(root / name)

    return lay


def table(text: str | bytes, *names: str, file: str = "metadata.csv") -> Callable[[Path], None]:
    """Return what lays out a table with sounds: those that are named, or ``a.wav``."""

    def lay(root: Path) -> None:
        sounds(*(names or ("a.wav",)))(root)
        (root / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    return lay


def fifo(root: Path) -> None:
    sound(root / "happy/a.wav")
    os.mkfifo(root / "happy/b.wav")


def links(root: Path) -> None:
    sound(root / "happy/a.wav")
    (root / "happy/broken.wav").symlink_to(root / "nowhere.wav")
    (root / "happy/loop.wav").symlink_to(root / "happy/loop.wav")
    (root / "sad").symlink_to(root / "happy", target_is_directory=True)
    (root / "again").symlink_to(root, target_is_directory=True)


def unreadable(root: Path) -> None:
    sound(root / "happy/a.wav")
    sound(root / "happy/b.wav").chmod(0)


def name_of_bytes(root: Path) -> None:
    sound(root / "happy/a.wav")
    sound(root / "happy/b.wav").rename(root / "happy" / os.fsdecode(b"\xff\xfe.wav"))


def twins(root: Path) -> None:
    for form in ("NFC", "NFD"):
        sound(root / unicodedata.normalize(form, "기쁨") / "a.wav")


def wrong_sounds(root: Path) -> None:
    names = ("a.wav", "text.wav", "empty.wav", "cut.wav", "zero.wav", "low.wav", "twin.wav")
    table(CSV + "".join(f"{name},안녕,happy\n" for name in names))(root)
    (root / "text.wav").write_text("this is text", encoding="utf-8")
    (root / "empty.wav").touch()
    (root / "cut.wav").write_bytes(sound(root / "b.wav").read_bytes()[:500])
    (root / "b.wav").unlink()
    sound(root / "zero.wav", level=0.0)
    sound(root / "low.wav", rate=8000)
    (root / "twin.wav").write_bytes((root / "a.wav").read_bytes())


def twin_clips(root: Path) -> None:
    table(ROW + "b.wav,가,happy\nc.wav,가,sad\n", "a.wav", "b.wav")(root)
    (root / "c.wav").write_bytes((root / "b.wav").read_bytes())


def two_tracks(root: Path) -> None:
    sound(root / "happy/a.wav")
    (root / "happy/a.srt").write_text("1\n00:00:00,000 --> 00:00:00,050\n가\n", encoding="utf-8")
    (root / "happy/a.tsv").write_text("start\tend\ttext\n0\t50\t나\n", encoding="utf-8")


def two_tables(root: Path) -> None:
    table(ROW)(root)
    table("a.wav|나\n", file="filelist.txt")(root)


def notes_alone(root: Path) -> None:
    (root / "a.txt").write_text("가", encoding="utf-8")


def shared_script(root: Path) -> None:
    sounds("happy/a.wav", "happy/a.flac")(root)
    (root / "happy/a.txt").write_text("가\n나\n", encoding="utf-8")


class Case(NamedTuple):
    """A folder, and what becomes of it: the error's message, or what is kept and why the rest is not."""

    lay: Callable[[Path], None]
    error: str = ""
    kept: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    layout: str = "auto"


A = ("a.wav",)
CASES = {
    "no sound": Case(notes_alone, "no sound file in the source"),
    "fifo": Case(fifo, kept=("happy/a.wav",), why=("is a pipe or device, not a sound file",)),
    "links": Case(
        links,
        kept=("happy/a.wav",),
        why=(
            "link that leads nowhere: No such file or directory",
            "link that leads nowhere: Too many levels of symbolic links",
        ),
    ),
    "not UTF-8 name": Case(name_of_bytes, kept=("happy/a.wav",), why=("the name of the file is not UTF-8",)),
    "unreadable": Case(unreadable, kept=("happy/a.wav",), why=("cannot be read: permission denied",)),
    "hidden": Case(sounds("happy/a.wav", ".trash/b.wav", "happy/._a.wav"), kept=("happy/a.wav",)),
    "newline": Case(sounds("happy/a\nb.wav"), kept=("happy/a\nb.wav",)),
    "quotes": Case(sounds("happy/a'\"b.wav"), kept=("happy/a'\"b.wav",)),
    "emoji": Case(sounds("happy 😀/a😀.wav"), kept=("happy 😀/a😀.wav",)),
    "line separator": Case(sounds("happy/a\u2028b.wav"), kept=("happy/a\u2028b.wav",)),
    "decomposed": Case(sounds(unicodedata.normalize("NFD", "기쁨/가.wav")), kept=("기쁨/가.wav",)),
    "two forms of one name": Case(twins, "differ in nothing but the Unicode form(.|\n)*rename one of them"),
    "long name": Case(sounds(f"happy/{'a' * 240}.wav"), "the name of the file is too long\n  found: 244 bytes"),
    "two emotions in a folder": Case(sounds("happy_sad/a.wav"), "one folder names two emotions\n  found: 'happy_sad'"),
    "misspelt folder": Case(sounds("hapy/a.wav"), "hapy: unknown emotion 'hapy'"),
    "sounds that are none": Case(
        wrong_sounds,
        kept=A,
        why=(
            "all samples are zero",
            "file is text, not sound, although it is called .wav",
            "sample rate is too low for a voice",
            "sound file is empty (0 bytes)",
            "sound file is truncated",
            "same content as another clip",
        ),
    ),
    "one clip under two emotions": Case(
        twin_clips, kept=A, why=("same content as another clip, with another text or emotion",) * 2
    ),
    "label files that disagree": Case(two_tracks, r"a\.srt: two files .* texts or times\n  found: .*a\.tsv"),
    "two sounds for one script": Case(shared_script, "two recordings share a text file"),
    "csv without a column for the file": Case(
        table("name of clip,text\na.wav,가\n"), "metadata.csv:1: table has no column for the sound file\n  found: name"
    ),
    "csv without texts": Case(table("file,emotion\na.wav,happy\n"), kept=A),
    "csv cut in a quoted text": Case(table(CSV + 'a.wav,"가'), "metadata.csv:2: table cannot be read(.|\n)*close the"),
    "csv in UTF-16": Case(table(ROW.encode("utf-16")), kept=A),
    "csv in UTF-16 without its mark": Case(
        table(ROW.encode("utf-16-le")), "metadata.csv:2: file is not UTF-8\n.*unknown enc"
    ),
    "csv in CP949": Case(table(ROW.encode("cp949")), "metadata.csv:2: file is not UTF-8\n.*CP949"),
    "csv with a byte order mark": Case(table("\ufeff" + ROW), kept=A),
    "csv with CRLF": Case(table(ROW.replace("\n", "\r\n")), kept=A),
    "csv with CR": Case(table(ROW.replace("\n", "\r")), kept=A),
    "csv with semicolons": Case(table(ROW.replace(",", ";")), kept=A),
    "csv with blank rows": Case(table("\n" + CSV + "\n\na.wav,가,happy\n,,\n"), kept=A),
    "csv with NUL": Case(table(CSV + "a.wav,가\0나,happy\n"), "character '.x00' cannot be in a text"),
    "empty csv": Case(table(""), "metadata.csv: file is no such table\n  found: no rows"),
    "csv with a header alone": Case(table(CSV), "metadata.csv: file is no such table\n  found: no rows"),
    "row too short": Case(table(CSV + "a.wav,가,happy\nb.wav\n"), kept=A, why=("row cannot be read",)),
    "row without a sound": Case(
        table(CSV + "a.wav,가,happy\nb.wav,나,sad\n"), kept=A, why=("row names no sound file of the source",)
    ),
    "row outside of the source": Case(
        table(CSV + "a.wav,가,happy\n../../etc/b.wav,나,sad\n/etc/passwd,다,sad\n"),
        kept=A,
        why=("row names no sound file of the source",) * 2,
    ),
    "row with another folder": Case(
        table(CSV + "happy/1.wav,가,happy\na.wav,나,sad\n", "sad/1.wav", "a.wav"),
        kept=A,
        why=("not named in the table", "row names no sound file of the source"),
    ),
    "row of two sounds": Case(
        table(CSV + "1.wav,가,happy\na.wav,나,happy\n", "x/1.wav", "y/1.wav", "a.wav"),
        kept=A,
        why=("not named in the table", "not named in the table", "row names several sound files"),
    ),
    "row twice": Case(table(CSV + "a.wav,가,happy\na.wav,가,happy\n"), kept=A),
    "row twice with two texts": Case(
        table(CSV + "a.wav,가,happy\na.wav,나,happy\nb.wav,다,sad\n", "a.wav", "b.wav"),
        kept=("b.wav",),
        why=("named more than once, with different contents",),
    ),
    "sound without a row": Case(
        table(CSV + "a.wav,가,happy\n", "a.wav", "b.wav"), kept=A, why=("not named in the table",)
    ),
    "misspelt emotion": Case(
        table(CSV + "a.wav,가,hapy\n"), "metadata.csv:2: unknown emotion 'hapy'(.|\n)*did you mean"
    ),
    "unknown emotion": Case(
        table(CSV + "a.wav,가,happy\nb.wav,나,disgust\n", "a.wav", "b.wav"),
        kept=A,
        why=("emotion 'disgust' is not among the project's",),
    ),
    "two emotions in a cell": Case(
        table(CSV + "a.wav,가,happy\nb.wav,나,happy and sad\n", "a.wav", "b.wav"),
        kept=A,
        why=("two emotions are named",),
    ),
    "folder against column": Case(
        table(CSV + "sad/b.wav,나,happy\na.wav,가,happy\n", "a.wav", "sad/b.wav"),
        kept=A,
        why=("two emotions are named",),
    ),
    "mark against column": Case(
        table(CSV + "a.wav,가,happy\nb.wav,[sad] 나,happy\n", "a.wav", "b.wav"), kept=A, why=("two emotions are named",)
    ),
    "intensity of eleven": Case(
        table("file,text,intensity\na.wav,가,1\nb.wav,나,11\n", "a.wav", "b.wav"),
        kept=A,
        why=("intensity cannot be used",),
    ),
    "bar in a text": Case(
        table(CSV + "a.wav,가,happy\nb.wav,나|다,sad\n", "a.wav", "b.wav"),
        kept=A,
        why=("character '|' cannot be in a text",),
    ),
    "text of a whole book": Case(
        table(CSV + f"a.wav,가,happy\nb.wav,{'나' * 9999},sad\n", "a.wav", "b.wav"),
        kept=A,
        why=("text is too long for one utterance",),
    ),
    "unknown language": Case(
        table("file,text,language\na.wav,가,KR\nb.wav,나,klingon\n", "a.wav", "b.wav"),
        kept=A,
        why=("language is not supported",),
    ),
    "another language": Case(
        table("file,text,language\na.wav,가,KR\nb.wav,no,en\n", "a.wav", "b.wav"),
        kept=A,
        why=("in another language than the project",),
    ),
    "all in another language": Case(table("file,text,language\na.wav,no,en\n"), "nothing of the source can be used"),
    "two speakers": Case(
        table("file,text,speaker\na.wav,가,yuna\nb.wav,나,bora\n", "a.wav", "b.wav"),
        r"several speakers(.|\n)*found: bora \(1\), yuna \(1\); wanted is 'mina'(.|\n)*--speaker bora",
    ),
    "two speakers, one of them wanted": Case(
        table("file,text,speaker\na.wav,가,mina\nb.wav,나,bora\n", "a.wav", "b.wav"),
        kept=A,
        why=("of another speaker",),
    ),
    "jsonl with a broken line": Case(
        table('{"file": "a.wav", "text": "가"}\n{"file": "b.wav"\n', file="x.jsonl"),
        kept=A,
        why=("row cannot be read",),
    ),
    "jsonl nested deeply": Case(
        table('{"file": "a.wav"}\n' + "[" * 100_000 + "\n", file="x.jsonl"), kept=A, why=("row cannot be read",)
    ),
    "jsonl of lists": Case(table('["a.wav", "가"]\n', file="x.jsonl"), "no json object", layout="jsonl"),
    "jsonl with another key": Case(table('{"x": "a.wav"}\n', file="x.jsonl"), "no key for the sound", layout="jsonl"),
    "metadata.list with three fields": Case(
        table("a.wav|mina|가\n", file="metadata.list"), "metadata.list:1: file is no such table\n  found: 3 fields"
    ),
    "filelist in CP949": Case(
        table("a.wav|안녕\n".encode("cp949"), file="filelist.txt"), "filelist.txt:1: file is not UTF"
    ),
    "two tables": Case(two_tables, "several layouts fit"),
    "times that overlap": Case(
        table("file,start,end,text\na.wav,0,2,가\na.wav,1,3,나\nb.wav,1,3,나\n", "a.wav", "b.wav"),
        kept=("b.wav",),
        why=("labels overlap",),
    ),
    "times below zero": Case(
        table("file,start,end,text\na.wav,-1,2,가\nb.wav,1,3,나\n", "a.wav", "b.wav"),
        kept=("b.wav",),
        why=("negative time",),
    ),
    "an end before its start": Case(
        table("file,start,end,text\na.wav,2,1,가\nb.wav,1,3,나\n", "a.wav", "b.wav"),
        kept=("b.wav",),
        why=("a row ends before it starts",),
    ),
    "times without texts": Case(
        table("file,start,end,text\na.wav,1,2,\nb.wav,1,3,나\n", "a.wav", "b.wav"),
        kept=("b.wav",),
        why=("a row has no text",),
    ),
    "unknown layout": Case(
        sounds("happy/a.wav"), "unknown layout 'applio'(.|\n)*csv(.|\n)*--layout FILE", layout="applio"
    ),
    "layout without its table": Case(sounds("a.wav"), "the table of layout 'esd' is missing", layout="esd"),
    "layout that fits nothing": Case(
        sounds("a.wav"), "nothing of the source can be used\n  found: name does not fit the layout: 1", layout="crema-d"
    ),
}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_source_is_refused_or_all_of_it_is_accounted_for(tmp_path: Path, case: Case) -> None:
    source, out = tmp_path / "source", tmp_path / "raw"
    source.mkdir()
    case.lay(source)
    if case.lay is unreadable and os.access(source / "happy/b.wav", os.R_OK):
        pytest.skip("this user can read everything")
    if case.error:
        with pytest.raises(EmottsError, match=case.error):
            collect_recordings(source, out, language="KR", speaker="mina", emotions=EMOTIONS, layout=case.layout)
        assert not out.exists()
        return
    rows = collect_recordings(source, out, language="KR", speaker="mina", emotions=EMOTIONS, layout=case.layout)
    rejects = read_rows(out / "rejects.jsonl", Reject)
    assert [row.file for row in rows] == list(case.kept)
    assert sorted(row.reason for row in rejects) == sorted(case.why)
    assert read_rows(out / "recordings.jsonl", Recording) == rows
    names = {*case.kept, *(row.recording for row in rejects)}
    here = (path for path in source.rglob("*") if path.is_file() and path.suffix in SOUND_SUFFIXES)
    places = [unicodedata.normalize("NFC", path.relative_to(source).as_posix()) for path in here]
    assert {place for place in places if "/." not in f"/{place}" and "\udcff" not in place} <= names


@pytest.mark.slow
def test_twenty_thousand_small_files(tmp_path: Path) -> None:
    lines = [CSV]
    for number in range(200):
        folder = tmp_path / f"{number:03}"
        folder.mkdir()
        for clip in range(100):
            os.close(os.open(folder / f"{clip:02}.wav", os.O_CREAT | os.O_WRONLY))
            lines.append(f"{number:03}/{clip:02}.wav,문장 {number} {clip},{('happy', 'sad')[clip % 2]}\n")
    (tmp_path / "metadata.csv").write_text("".join(lines), encoding="utf-8")
    read = read_source(tmp_path, language="KR", emotions=EMOTIONS)
    assert (len(read.files), read.rejected) == (20_000, ())
    assert (read.files[-1].text, read.files[-1].emotion) == ("문장 199 99", "sad")
