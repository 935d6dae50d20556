"""What folders say of recordings, and the names of languages."""

import os
import unicodedata
from pathlib import Path

import pytest

from emotts.corpus.sources.choosing import read_source
from emotts.corpus.sources.languages import resolve_language
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

EMOTIONS = EmotionSet()


def fill(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")


def rows(root: Path, language: str = "KR") -> list[tuple[str, str, str | None]]:
    read = read_source(root, language=language, emotions=EMOTIONS)
    return [(file.place.as_posix(), file.language, file.emotion) for file in read.files]


def test_language_emotion_takes_folder(tmp_path: Path) -> None:
    fill(tmp_path, "한국어/기쁨/PTD/take1.wav", "日本語/悲しみ/take1.flac", "English/Angry/ptd/a.OGG")
    assert rows(tmp_path) == [
        ("English/Angry/ptd/a.OGG", "EN", "angry"),
        ("日本語/悲しみ/take1.flac", "JP", "sad"),
        ("한국어/기쁨/PTD/take1.wav", "KR", "happy"),
    ]


def test_emotion_folders_alone_take_the_language_given(tmp_path: Path) -> None:
    fill(tmp_path, "joy/a.wav", "중립/day 2/b.wav")
    assert rows(tmp_path, language="일본어") == [("joy/a.wav", "JP", "happy"), ("중립/day 2/b.wav", "JP", "neutral")]


def test_flat_files_and_language_folder_without_emotion(tmp_path: Path) -> None:
    fill(tmp_path, "a.wav", "en/b.mp3")
    assert rows(tmp_path) == [("a.wav", "KR", None), ("en/b.mp3", "EN", None)]


def test_folder_names_of_a_mac_are_understood(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "한국어/슬픔/테이크.wav")
    fill(tmp_path, decomposed)
    assert rows(tmp_path) == [("한국어/슬픔/테이크.wav", "KR", "sad")]


def test_single_file_with_texts_beside_it(tmp_path: Path) -> None:
    fill(tmp_path, "take.wav", "take.txt", "take.labels.txt", "other.wav")
    (file,) = read_source(tmp_path / "take.wav", language="KR", emotions=EMOTIONS).files
    assert (file.place, file.script, file.labels) == (
        Path("take.wav"),
        tmp_path / "take.txt",
        tmp_path / "take.labels.txt",
    )


def test_other_files_are_passed_over_and_listed(tmp_path: Path) -> None:
    fill(
        tmp_path, "happy/a.wav", "happy/a.txt", "happy/cover.jpg", "happy/.DS_Store", "happy/._a.wav", "__MACOSX/b.wav"
    )
    read = read_source(tmp_path, language="KR", emotions=EMOTIONS)
    assert [file.path.name for file in read.files] == ["a.wav"]
    assert sorted(Path(each.where).name for each in read.ignored) == [".DS_Store", "._a.wav", "__MACOSX", "cover.jpg"]


def test_unknown_emotion_folder_names_the_nearest(tmp_path: Path) -> None:
    fill(tmp_path, "KR/hapy/a.wav")
    with pytest.raises(CorpusError, match=r"KR/hapy: unknown emotion 'hapy'(.|\n)*did you mean 'happy'"):
        read_source(tmp_path, language="KR", emotions=EMOTIONS)


def test_unknown_language_folder_names_the_nearest(tmp_path: Path) -> None:
    fill(tmp_path, "koreann/happy/a.wav")
    with pytest.raises(CorpusError, match=r"koreann: unknown language 'koreann'(.|\n)*did you mean 'korean' \(KR\)"):
        read_source(tmp_path, language="KR", emotions=EMOTIONS)


def test_missing_source(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere: source is missing"):
        read_source(tmp_path / "nowhere", language="KR", emotions=EMOTIONS)


def test_a_pipe_as_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "take.wav")
    with pytest.raises(CorpusError, match="take.wav: source is no plain file\n  wanted: a sound file or a folder"):
        read_source(tmp_path / "take.wav", language="KR", emotions=EMOTIONS)


def test_a_source_that_is_a_link_to_a_folder(tmp_path: Path) -> None:
    fill(tmp_path / "real", "happy/a.wav")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert rows(tmp_path / "link") == [("happy/a.wav", "KR", "happy")]


@pytest.mark.parametrize(("names", "found"), [((), "an empty folder"), (("a/b.pdf", "c.docx"), "2 other files")])
def test_no_sound_in_the_source(tmp_path: Path, names: tuple[str, ...], found: str) -> None:
    fill(tmp_path, *names)
    message = rf"no sound file in the source\n  found: {found}\n  wanted: files ending in .*\.flac.*\.wav"
    with pytest.raises(CorpusError, match=message):
        read_source(tmp_path, language="KR", emotions=EMOTIONS)


def test_language_codes_and_names() -> None:
    assert [resolve_language(name) for name in ("KR", "korean", "한국어", "ja", "日本語", "영어", " EN ")] == [
        *("KR", "KR", "KR", "JP", "JP", "EN", "EN")
    ]
    with pytest.raises(CorpusError, match="unknown language 'klingon'"):
        resolve_language("klingon")
