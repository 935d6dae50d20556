"""Files with texts and times in every format: their labels, and what is wrong with those that are damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emotts.corpus.transcripts.labels import Label
from emotts.corpus.transcripts.tracks.reading import read_track
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

EMOTIONS = EmotionSet()

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>[happy] 안녕</i>
여러분

2
00:01:00,250 --> 01:00:00,000 position:50%
{\\an8}Tom &amp; Jerry
"""
VTT = """WEBVTT - title
Kind: captions

NOTE this is
no text

intro
00:01.000 --> 00:02.500 align:start
<v Mina>안녕

01:00.250 --> 1:02:03.500
또 봐요
"""
LONG_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 6
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "text"
        xmin = 0
        xmax = 6
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = ""
        intervals [2]:
            xmin = 0.5
            xmax = 2
            text = "say ""hi"" 2"
        intervals [3]:
            xmin = 3
            xmax = 5.5
            text = "둘"
    item [2]:
        class = "IntervalTier"
        name = "emotion"
        xmin = 0
        xmax = 6
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 2.05
            text = "기쁨"
        intervals [2]:
            xmin = 2.05
            xmax = 6
            text = "sad"
    item [3]:
        class = "TextTier"
        name = "clicks"
        xmin = 0
        xmax = 6
        points: size = 1
        points [1]:
            number = 1.5
            mark = "tap"
"""
SHORT_GRID = """File type = "ooTextFile"
"TextGrid"

0
6
<exists>
1
"IntervalTier"
"lines"
0
6
2
0
1.5
"하나"
1.5
6
""
"""
WHISPER = {
    "text": " one two",
    "segments": [
        {"id": 0, "start": 0, "end": 1.5, "text": " one", "words": [{"word": "one", "start": 0, "end": 1.5}]},
        {"id": 1, "start": 2.0, "end": 3.25, "text": " two"},
        {"id": 2, "start": 3.25, "end": 3.25, "text": " "},
    ],
}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def labels(path: Path, duration_s: float | None = None) -> list[tuple[float, float, str, str | None, float | None]]:
    found = read_track(path, emotions=EMOTIONS, duration_s=duration_s)
    return [(each.start_s, each.end_s, each.text, each.emotion, each.intensity) for each in found]


def test_srt(tmp_path: Path) -> None:
    assert labels(written(tmp_path, "take.srt", SRT)) == [
        (1.0, 2.5, "안녕 여러분", "happy", None),
        (60.25, 3600.0, "Tom & Jerry", None, None),
    ]


def test_vtt(tmp_path: Path) -> None:
    assert labels(written(tmp_path, "take.vtt", VTT)) == [
        (1.0, 2.5, "안녕", None, None),
        (60.25, 3723.5, "또 봐요", None, None),
    ]


def test_long_textgrid_with_a_tier_of_emotions(tmp_path: Path) -> None:
    assert read_track(written(tmp_path, "take.TextGrid", LONG_GRID), emotions=EMOTIONS) == [
        Label(0.5, 2.0, 'say "hi" 2', "happy", None, 22),
        Label(3.0, 5.5, "둘", "sad", None, 26),
    ]


def test_short_textgrid(tmp_path: Path) -> None:
    assert labels(written(tmp_path, "take.textgrid", SHORT_GRID)) == [(0.0, 1.5, "하나", None, None)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_textgrids_as_praat_encodes_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "take.TextGrid"
    path.write_bytes((b"\xfe\xff" if encoding == "utf-16-be" else b"") + SHORT_GRID.encode(encoding))
    assert labels(path) == [(0.0, 1.5, "하나", None, None)]
    path.write_bytes(b"\xff\xfe" + SHORT_GRID.encode("utf-16-le")[:-1])
    with pytest.raises(CorpusError, match="file begins as UTF-16 and is damaged"):
        labels(path)


@pytest.mark.parametrize("indent", [None, 1])
def test_whisper_json(tmp_path: Path, indent: int | None) -> None:
    path = written(tmp_path, "take.json", json.dumps(WHISPER, indent=indent))
    assert labels(path) == [(0.0, 1.5, "one", None, None), (2.0, 3.25, "two", None, None)]


def test_whisper_tsv_counts_milliseconds(tmp_path: Path) -> None:
    path = written(tmp_path, "take.tsv", 'start\tend\ttext\n0\t1500\tone "1"\n2000\t3250\ttwo\n')
    assert labels(path, 5.0) == [(0.0, 1.5, 'one "1"', None, None), (2.0, 3.25, "two", None, None)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("start,end,text,emotion,intensity\n1,2.5,가,기쁨,강\n", (1.0, 2.5, "가", "happy", 1.5)),
        ("시작;끝;대사;감정\n0:00:01;0:00:02,5;가;\n", (1.0, 2.5, "가", None, None)),
        ('begin,duration,sentence\n1.0,1.5,"가, 나"\n', (1.0, 2.5, "가, 나", None, None)),
        ("start_ms,end_ms,text\n1000,2500,가\n", (1.0, 2.5, "가", None, None)),
        ("start (s),end (s),text\n1000,2500,가\n", (1000.0, 2500.0, "가", None, None)),
        ("1.0,2.5,[sad 0.5] 가\n", (1.0, 2.5, "가", "sad", 0.5)),
        ("1:00.5,61.5,가,happy\n", (60.5, 61.5, "가", "happy", None)),
    ],
)
def test_tables_with_times(tmp_path: Path, text: str, wanted: tuple[object, ...]) -> None:
    assert labels(written(tmp_path, "take.csv", text)) == [wanted]


BAD = [
    ("a.srt", "1\n00:00:01,000 -->", ":2: times break off"),
    ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n", ":2: no text below the times"),
    ("a.srt", "1\n00:00:01,0x0 --> 00:00:02,000\n가\n", ":2: bad number\n  found: '00:00:01,0x0 '"),
    ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n가\n\n2\n안녕\n", ":5: text without times"),
    ("a.srt", "1\n00:00:02,000 --> 00:00:01,000\n가\n", ":2: label ends before it starts"),
    ("a.srt", "1\n00:01:01,000 --> 01:99:02,000\n가\n", ":2: bad number\n  found: '01:99:02,000'"),
    ("a.srt", "1\n-00:00:01,000 --> 00:00:02,000\n가\n", ":2: negative time"),
    ("a.srt", "", "a.srt: file has no texts with times"),
    ("a.vtt", "00:01.000 --> 00:02.000\n가\n", ":1: file is no WebVTT"),
    ("a.TextGrid", 'File type = "ooTextFile"\n', "a.TextGrid: file is no TextGrid"),
    ("a.TextGrid", LONG_GRID[:400], "TextGrid is damaged or breaks off"),
    (
        "a.TextGrid",
        LONG_GRID.replace("size = 3", "size = 4"),
        "breaks off\n  found: 'IntervalTier'",
    ),
    ("a.TextGrid", SHORT_GRID[:-4], ":17: TextGrid is damaged or breaks off\n  found: "),
    ("a.TextGrid", SHORT_GRID.replace("\n2\n0\n", "\n1e9\n0\n"), "found: the number 1e\\+09"),
    (
        "a.TextGrid",
        LONG_GRID.replace('"text"', '"words"').replace('"emotion"', '"phones"'),
        "no tier is surely the one",
    ),
    ("a.TextGrid", LONG_GRID.replace("2.05", "1.5"), ":22: a sentence lies across a border(.|\n)*기쁨, sad"),
    ("a.TextGrid", LONG_GRID.replace('"emotion"', '"text"'), "two tiers are called 'text'"),
    ("a.json", '{"segments": [', ":1: file is not json"),
    ("a.json", '{"segments": 3}', "json holds no segments"),
    ("a.json", '{"segments": [{"start": 1, "end": 2}]}', "segment 1 has no text"),
    ("a.json", '{"segments": [{"start": -1, "end": 2, "text": "a"}]}', "negative time\n  found: -1 in segment 1"),
    ("a.json", '{"segments": [{"start": 1, "end": NaN, "text": "a"}]}', "bad number\n  found: nan in segment 1"),
    ("a.json", '{"segments": [{"start": 1, "end": 1' + "0" * 400 + ', "text": "a"}]}', "bad number"),
    ("a.json", "[" * 100_000, "file is not json"),
    ("a.csv", "start,text\n1,가\n", ":1: table lacks the column end"),
    ("a.csv", "start,end\n1,2\n", ":1: table lacks the column text"),
    ("a.csv", "start,end,text\n1,2\n", ":2: row has too few fields"),
    ("a.csv", "start,end,text\n-1,2,가\n", ":2: negative time"),
    ("a.csv", 'start,end,text\n1,2,"가\n', "table cannot be read\n(.|\n)*close the quotes"),
    ("a.csv", "start,end,text,emotion\n1,2,가,hapy\n", ":2: unknown emotion 'hapy'"),
    ("a.csv", "start,end,text,emotion\n1,2,[sad] 가,happy\n", ":2: text and column name different emotions"),
    ("a.csv", "start,end,text,intensity\n1,2,가,11\n", ":2: intensity cannot be used"),
    ("a.csv", "start,end,text\n1,3,가\n2,4,나\n", ":3: labels overlap"),
    ("a.csv", "start,end,text\n1,1" + "0" * 30 + ",가\n", ":2: bad number"),
    ("a.csv", "", "table has no rows"),
    ("a.tsv", "start\tend\ttext\n", "file has no texts with times"),
    ("a.labels.txt", "1000\t2000\t가\n3000\t4000\t나\n", ":1: labels lie behind the end(.|\n)*divide them by 1000"),
    ("a.labels.txt", "100\t200\t가\n300\t40000\t나\n", ":1: labels lie behind the end(.|\n)*of this recording"),
]


@pytest.mark.parametrize(("name", "text", "message"), BAD)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        read_track(written(tmp_path, name, text), emotions=EMOTIONS, duration_s=10.0)
    assert str(caught.value).startswith(str(tmp_path / name))


CUT = [("a.srt", SRT), ("a.vtt", VTT), ("a.TextGrid", LONG_GRID), ("b.TextGrid", SHORT_GRID)]
CUT += [("a.json", json.dumps(WHISPER)), ("a.csv", 'start,end,text\n0.5,1.5,"가, 나"\n2,3,다\n')]
CUT += [("a.labels.txt", "0.5\t1.5\t[happy] 가\n2\t3\t다\n")]


@pytest.mark.parametrize(("name", "text"), CUT, ids=[name for name, _ in CUT])
def test_a_file_cut_at_any_byte_gives_whole_labels_or_an_error(tmp_path: Path, name: str, text: str) -> None:
    raw, path = text.encode(), tmp_path / name
    path.write_bytes(raw)
    whole = {(each.start_s, each.end_s) for each in read_track(path, emotions=EMOTIONS)}
    messages = []
    for length in range(0, len(raw), 3):
        path.write_bytes(raw[:length])
        try:
            found = read_track(path, emotions=EMOTIONS)
        except CorpusError as error:
            messages.append(str(error))
        else:
            assert {each.start_s for each in found} <= {start_s for start_s, _ in whole}
    assert all(str(path) in message for message in messages)
    assert len(messages) > len(raw) / 60


def test_a_label_behind_the_end_among_others_is_left_to_the_label_stage(tmp_path: Path) -> None:
    path = written(tmp_path, "a.labels.txt", "1\t2\t가\n3\t4\t나\n30\t40\t다\n")
    assert [each[2] for each in labels(path, 10.0)] == ["가", "나", "다"]
