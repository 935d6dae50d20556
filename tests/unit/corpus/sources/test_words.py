"""Language, emotion and intensity in the names of folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotts.corpus.sources.words import Said, read_folders
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

WHERE = Path("recordings/x")


def said(*folders: str, strict: bool = True, emotions: EmotionSet | None = None) -> Said:
    return read_folders(folders, emotions=emotions or EmotionSet(), where=WHERE, strict=strict)


@pytest.mark.parametrize(
    ("folders", "wanted"),
    [
        (("1_기쁨",), Said(None, "happy", None)),
        (("TDM_happy",), Said(None, "happy", None)),
        (("한국어_녹음", "1_기쁨", "PTD"), Said("KR", "happy", None)),
        (("한국어녹음", "기쁨모음"), Said("KR", "happy", None)),
        (("KR_happy_strong",), Said("KR", "happy", 1.5)),
        (("MinaHappy2", "day 1"), Said(None, "happy", None)),
        (("mina", "02-슬픔-약"), Said(None, "sad", 0.5)),
        (("angry", "normal"), Said(None, "angry", 1.0)),
        (("normal",), Said(None, "neutral", None)),
        (("보통_takes", "강"), Said(None, "neutral", 1.5)),
        (("happy_happiness",), Said(None, "happy", None)),
        (("日本語", "悲しみ収録"), Said("JP", "sad", None)),
        (("en-us", "FEAR"), Said("EN", "fearful", None)),
        (("en",), Said("EN", None, None)),
        ((), Said(None, None, None)),
    ],
)
def test_names_that_contain_the_words(folders: tuple[str, ...], wanted: Said) -> None:
    assert said(*folders) == wanted


@pytest.mark.parametrize(
    ("folders", "message"),
    [
        (("happy_sad",), "one folder names two emotions\n  found: 'happy_sad': happy, sad\n  to do: "),
        (("기쁨슬픔",), "one folder names two emotions\n  found: '기쁨슬픔': happy, sad"),
        (("happy", "sad takes"), "folders name different emotions\n  found: 'happy': happy, 'sad takes': sad"),
        (("KR_EN", "happy"), "one folder names two languages\n  found: 'KR_EN': EN, KR"),
        (("KR", "english", "happy"), "folders name different languages"),
        (("unhappy",), "unknown emotion 'unhappy'"),
        (("중국어", "takes"), "unknown language '중국어'"),
        (("koreann", "happy"), "unknown language 'koreann'"),
    ],
)
def test_names_that_contradict_each_other_or_say_nothing(folders: tuple[str, ...], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        said(*folders)


def test_where_a_table_says_it_a_folder_need_not() -> None:
    assert said("wavs", "koreann", strict=False) == Said()
    with pytest.raises(CorpusError, match="two emotions"):
        said("happy_sad", strict=False)


def test_extra_emotions_are_found_too() -> None:
    emotions = EmotionSet.with_extra(["bored", "졸림"])
    assert said("01_Bored", emotions=emotions).emotion == "bored"
    assert said("졸림녹음", emotions=emotions).emotion == "졸림"
