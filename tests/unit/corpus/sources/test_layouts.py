"""Every layout that comes with emotts, on tiny folders: what it says of each file."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sources import fill, reading, rows, why

from emotts.corpus.sources.layout import builtin_layouts
from emotts.errors import CorpusError


def test_applio_metadata_with_a_column_for_the_emotion(tmp_path: Path) -> None:
    table = (
        "file_path,text,emotion,speaker_id,level\n"
        'wavs/1.wav,"안녕, 여러분",기쁨,mina,strong\n'
        "wavs\\2.wav,비가 와요,sad,mina,\n"
        "/data/old/wavs/3.wav,[angry 0.5] 왜요?,,mina,\n"
    )
    read = reading(fill(tmp_path, {"metadata.csv": table}, "wavs/1.wav", "wavs/2.wav", "wavs/3.wav"))
    assert read.layout == "csv"
    assert rows(read) == [
        ("wavs/1.wav", "KR", "happy", 1.5, "mina", "안녕, 여러분"),
        ("wavs/2.wav", "KR", "sad", None, "mina", "비가 와요"),
        ("wavs/3.wav", "KR", "angry", 0.5, "mina", "왜요?"),
    ]
    assert [file.told_by for file in read.files] == [f"{tmp_path / 'metadata.csv'}:{line}" for line in (2, 3, 4)]
    assert all(file.is_clip for file in read.files)
    assert why(read) == []


def test_filelist_has_its_emotions_from_the_folders(tmp_path: Path) -> None:
    files = {"filelist.txt": "happy_01/a.wav|좋아요\nTDM_슬픔/b.wav|싫어요\n"}
    read = reading(fill(tmp_path, files, "happy_01/a.wav", "TDM_슬픔/b.wav", "happy_01/c.wav"))
    assert read.layout == "filelist"
    assert rows(read) == [
        ("TDM_슬픔/b.wav", "KR", "sad", None, None, "싫어요"),
        ("happy_01/a.wav", "KR", "happy", None, None, "좋아요"),
    ]
    assert why(read) == [("c.wav", "not named in the table")]


def test_texts_in_the_names_of_files(tmp_path: Path) -> None:
    names = ("기쁨/001_오늘은 정말 좋은 날이에요.wav", "sad strong/I_do_not_want_to_go.wav")
    root = fill(tmp_path, None, *names)
    with pytest.raises(CorpusError, match=r"several layouts fit\n  found: names \(.*; folders \("):
        reading(root)
    read = reading(root, layout="names")
    assert rows(read) == [
        ("sad strong/I_do_not_want_to_go.wav", "KR", "sad", 1.5, None, "I do not want to go"),
        ("기쁨/001_오늘은 정말 좋은 날이에요.wav", "KR", "happy", None, None, "오늘은 정말 좋은 날이에요"),
    ]


def test_many_different_sentences_are_surely_texts(tmp_path: Path) -> None:
    names = (
        "비가 계속 내려서 슬퍼요",
        "왜 아무 말도 안 했어",
        "정말 합격했다고요",
        "내일 다시 올게요",
        "그만 좀 하라고 했잖아",
    )
    read = reading(fill(tmp_path, None, *(f"기쁨/{name}.wav" for name in names)))
    assert (read.layout, {file.text for file in read.files}) == ("names", set(names))
    takes = fill(tmp_path / "takes", None, *(f"기쁨/녹음실에서 읽은 {name}번째.wav" for name in "첫두세네끝"))
    with pytest.raises(CorpusError, match="several layouts fit"):
        reading(takes)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("data/x/wavs/a.wav|mina|KR|안녕|happy", ("wavs/a.wav", "KR", "happy", None, "mina", "안녕")),
        ("wavs/a.wav|mina|EN-US|Hello", ("wavs/a.wav", "EN", None, None, "mina", "Hello")),
    ],
)
def test_melotts_metadata_with_and_without_emotion(tmp_path: Path, line: str, wanted: tuple[object, ...]) -> None:
    read = reading(fill(tmp_path, {"metadata.list": f"{line}\n"}, "wavs/a.wav"))
    assert (read.layout, rows(read)) == ("melotts", [wanted])


def test_style_bert_vits2_has_its_styles_in_folders(tmp_path: Path) -> None:
    read = reading(fill(tmp_path, {"esd.list": "怒り/a.wav|mina|JP|なに\n"}, "raw/怒り/a.wav"))
    assert (read.layout, rows(read)) == ("style-bert-vits2", [("raw/怒り/a.wav", "JP", "angry", None, "mina", "なに")])


def test_gpt_sovits_list_of_another_machine(tmp_path: Path) -> None:
    table = "D:\\work\\slicer\\happy\\a.wav|mina|ko|좋아요\nD:\\work\\slicer\\happy\\b.wav|mina|zh|你好\n"
    read = reading(fill(tmp_path, {"mina.list": table}, "happy/a.wav", "happy/b.wav"))
    assert (read.layout, rows(read)) == ("gpt-sovits", [("happy/a.wav", "KR", "happy", None, "mina", "좋아요")])
    assert why(read) == [("b.wav", "language is not supported")]


def test_ljspeech_and_kss(tmp_path: Path) -> None:
    lj = fill(tmp_path / "lj", {"metadata.csv": "LJ001-0001|Chapter 1, the door|Chapter one\n"}, "wavs/LJ001-0001.wav")
    assert (reading(lj, language="EN").layout, rows(reading(lj, language="EN"))) == (
        "ljspeech",
        [("wavs/LJ001-0001.wav", "EN", None, None, None, "Chapter 1, the door")],
    )
    kss = fill(
        tmp_path / "kss", {"transcript.v.1.4.txt": "1/1_0.wav|그는 갔다|그는 갔다|jamo|2.1|He left\n"}, "1/1_0.wav"
    )
    assert rows(reading(kss)) == [("1/1_0.wav", "KR", None, None, None, "그는 갔다")]


def test_jsonl_with_keys_of_other_programs(tmp_path: Path) -> None:
    table = '{"audio_filepath": "a.wav", "text": "안녕", "emotion": "joy", "duration": 2.0, "intensity": 0.5}\n'
    read = reading(fill(tmp_path, {"train.jsonl": table}, "clips/a.wav"))
    assert (read.layout, rows(read)) == ("jsonl", [("clips/a.wav", "KR", "happy", 0.5, None, "안녕")])


def test_esd(tmp_path: Path) -> None:
    files = {
        "0011/0011.txt": "0011_000001\tThe cat sat.\tNeutral\n0011_000351\tThe cat sat.\tAngry\n",
        "0001/0001.txt": "0001_000001\t打远一看\t中立\n",
    }
    names = ("0011/Neutral/0011_000001.wav", "0011/Angry/train/0011_000351.wav", "0001/Neutral/0001_000001.wav")
    read = reading(fill(tmp_path, files, *names), language="EN")
    assert read.layout == "esd"
    assert rows(read) == [
        ("0011/Angry/train/0011_000351.wav", "EN", "angry", None, "0011", "The cat sat."),
        ("0011/Neutral/0011_000001.wav", "EN", "neutral", None, "0011", "The cat sat."),
    ]
    assert why(read) == [("0001_000001.wav", "language is not supported")]


def test_emodb_is_understood_and_its_language_is_not_supported(tmp_path: Path) -> None:
    read = reading(fill(tmp_path, None, "wav/03a01Fa.wav", "wav/08b02Wb.wav"))
    assert read.layout == "emodb"
    assert why(read) == [(name, "language is not supported") for name in ("03a01Fa.wav", "08b02Wb.wav")]
    assert read.rejected[0].detail == "'DE'; supported are KR, JP, EN"


def test_ravdess(tmp_path: Path) -> None:
    names = (
        "Actor_12/03-01-06-01-02-01-12.wav",
        "Actor_12/03-01-03-02-01-01-12.wav",
        "Actor_12/03-01-07-01-01-01-12.wav",
    )
    read = reading(fill(tmp_path, None, *names), language="EN")
    assert read.layout == "ravdess"
    assert rows(read) == [
        ("Actor_12/03-01-03-02-01-01-12.wav", "EN", "happy", 1.5, "12", "Kids are talking by the door."),
        ("Actor_12/03-01-06-01-02-01-12.wav", "EN", "fearful", 1.0, "12", "Dogs are sitting by the door."),
    ]
    assert why(read) == [("03-01-07-01-01-01-12.wav", "emotion 'disgusted' is not among the project's")]


def test_crema_d(tmp_path: Path) -> None:
    names = ("1001_IEO_HAP_HI.wav", "1001_IEO_SAD_XX.wav", "1002_TIE_ANG_LO.wav")
    read = reading(fill(tmp_path, None, *names), language="EN")
    assert read.layout == "crema-d"
    assert rows(read) == [
        ("1001_IEO_HAP_HI.wav", "EN", "happy", 1.5, "1001", "It's eleven o'clock."),
        ("1001_IEO_SAD_XX.wav", "EN", "sad", None, "1001", "It's eleven o'clock."),
        ("1002_TIE_ANG_LO.wav", "EN", "angry", 0.5, "1002", "That is exactly what happened."),
    ]
    assert read.speakers == {"1001": 2, "1002": 1}


def test_jvnv(tmp_path: Path) -> None:
    files = {"transcription.csv": "anger_regular_01|おい|おい、待て。\nhappy_free_02|わあ|わあ、すごい。\n"}
    names = (
        "F1/anger/regular/F1_anger_regular_01.wav",
        "M2/happy/free/M2_happy_free_02.wav",
        "M2/sad/M2_sad_free_01.wav",
    )
    read = reading(fill(tmp_path, files, *names), language="JP")
    assert read.layout == "jvnv"
    assert rows(read) == [
        ("F1/anger/regular/F1_anger_regular_01.wav", "JP", "angry", None, "F1", "おい、待て。"),
        ("M2/happy/free/M2_happy_free_02.wav", "JP", "happy", None, "M2", "わあ、すごい。"),
    ]
    assert why(read) == [("M2_sad_free_01.wav", "not named in the table")]


def test_a_table_with_times_labels_a_recording(tmp_path: Path) -> None:
    table = "file,start_ms,end_ms,text,emotion\ntake.wav,5000,7000,둘,sad\ntake.wav,1000,3500,하나,happy\n"
    (file,) = reading(fill(tmp_path, {"lines.csv": table}, "take.wav")).files
    assert [(each.start_s, each.end_s, each.text, each.emotion, each.line) for each in file.texts] == [
        (1.0, 3.5, "하나", "happy", 3),
        (5.0, 7.0, "둘", "sad", 2),
    ]
    assert not file.is_clip


def test_clips_without_texts_are_asked_for(tmp_path: Path) -> None:
    root = fill(tmp_path, None, "happy/1.wav", "sad/2.wav")
    assert [file.is_clip for file in reading(root).files] == [False, False]
    read = reading(root, layout="clips")
    assert [(file.is_clip, file.text) for file in read.files] == [(True, None), (True, None)]


def test_two_layouts_that_fit_are_both_named(tmp_path: Path) -> None:
    files = {"metadata.csv": "file,text\na.wav,가\n", "filelist.txt": "a.wav|나\n"}
    root = fill(tmp_path, files, "a.wav")
    with pytest.raises(CorpusError, match=r"several layouts fit\n  found: csv \(.*; filelist \((.|\n)*--layout csv"):
        reading(root)
    assert rows(reading(root, layout="filelist"))[0][-1] == "나"


def test_a_table_beside_recordings_with_scripts_is_ambiguous(tmp_path: Path) -> None:
    root = fill(tmp_path, {"metadata.list": "a.wav|m|KR|가\n", "a.txt": "나\n"}, "a.wav")
    with pytest.raises(CorpusError, match=r"several layouts fit\n  found: melotts \(.*; folders \("):
        reading(root)


def test_layouts_are_named_as_their_files() -> None:
    layouts = builtin_layouts()
    assert {name: layout.name for name, layout in layouts.items()} == {name: name for name in layouts}
    assert [name for name, layout in layouts.items() if layout.is_general] == ["folders"]
    assert [name for name, layout in layouts.items() if layout.is_asked_for] == ["clips"]
