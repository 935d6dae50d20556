"""Label tracks and scripts."""

import subprocess
from pathlib import Path

import pytest

from emotts.corpus.transcripts.labels import Label, ScriptLine, is_label_track, parse_label_track, parse_script
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError


def written(folder: Path, text: str, name: str = "take.labels.txt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_track(tmp_path: Path) -> None:
    path = written(tmp_path, "0.5\t1.75\t안녕\n2\t3.25\t[happy] 반가워요!\n4.0\t5\t[기쁨 0.8]  같이 가요\n")
    assert parse_label_track(path) == [
        Label(0.5, 1.75, "안녕", None, None, 1),
        Label(2.0, 3.25, "반가워요!", "happy", None, 2),
        Label(4.0, 5.0, "같이 가요", "happy", 0.8, 3),
    ]


def test_a_track_with_byte_order_mark_windows_lines_frequencies_and_blanks(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff1\t2\t가\r\n\\\t100\t200\r\n\r\n3\t4\t나\tb\r\n".replace("\tb", ""))
    assert [(label.text, label.line) for label in parse_label_track(path)] == [("가", 1), ("나", 4)]


def test_labels_come_in_order_of_time(tmp_path: Path) -> None:
    path = written(tmp_path, "5\t6\t나\n1\t2\t가\n2\t5\t다\n")
    assert [label.text for label in parse_label_track(path)] == ["가", "다", "나"]


def test_decomposed_hangul_is_composed(tmp_path: Path) -> None:
    path = written(tmp_path, "1\t2\t\u1100\u1161\n")
    assert parse_label_track(path)[0].text == "가"


def test_decimal_commas_between_tabs(tmp_path: Path) -> None:
    path = written(tmp_path, "0,5\t1,75\t가\n")
    assert parse_label_track(path) == [Label(0.5, 1.75, "가", None, None, 1)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("\ufeff[sad] 가", ("가", "sad", None)),
        ("\u200b \u2060[sad 0.5]\u200b가", ("가", "sad", 0.5)),
        ("［sad］ 가", ("가", "sad", None)),
        ("【슬픔】가", ("가", "sad", None)),
        ("(angry) 가", ("가", "angry", None)),
        ("<기쁨 강> 가", ("가", "happy", 1.5)),
        ("[happy weak] 가", ("가", "happy", 0.5)),
        ("{Happy normal} 가", ("가", "happy", 1.0)),
        ("(웃으며) 가", ("(웃으며) 가", None, None)),
        ("(angry 가", ("(angry 가", None, None)),
        ("[happy] 기쁨: 가", ("기쁨: 가", "happy", None)),
        ("오늘: 가", ("오늘: 가", None, None)),
        ("가\u200b나", ("가나", None, None)),
    ],
)
def test_marks_in_brackets_of_all_kinds(
    tmp_path: Path, text: str, wanted: tuple[str, str | None, float | None]
) -> None:
    path = written(tmp_path, f"1\t2\t{text}\n")
    (label,) = parse_label_track(path)
    assert (label.text, label.emotion, label.intensity) == wanted


@pytest.mark.parametrize(
    ("text", "is_track"),
    [("1.5\t2\t가\n", True), ("\n\\\t1\t2\n1,5\t2\t가\n", True), ("안녕\n", False), ("1 2 가\n", False), ("", False)],
)
def test_a_label_track_is_told_from_a_script(tmp_path: Path, text: str, is_track: bool) -> None:
    assert is_label_track(written(tmp_path, text, name="take.txt")) is is_track


def test_an_extra_emotion(tmp_path: Path) -> None:
    path = written(tmp_path, "1\t2\t[bored] 가\n")
    assert parse_label_track(path, emotions=EmotionSet.with_extra(["bored"]))[0].emotion == "bored"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1\t2\t가\nx\t3\t나\n", 2, "bad number\n.*found: 'x'"),
        ("1,5,0\t2\t가\n", 1, "bad number\n.*found: '1,5,0'\n.*12.345"),
        (
            "1\t2\t기쁨: 가\n",
            1,
            "'기쁨' before a colon may be a mark or spoken text\n.*\n.*\n.*write .기쁨. in its place",
        ),
        ("1\t2\t【hapy】 가\n", 1, "unknown emotion 'hapy'"),
        ("1\t2\t" + "가" * 2001 + "\n", 1, "text is too long for one utterance\n.*2001 characters"),
        ("-1\t2\t가\n", 1, "bad number"),
        ("nan\t2\t가\n", 1, "bad number"),
        ("3\t2\t가\n", 1, "label ends before it starts\n.*start 3 s, end 2 s"),
        ("2\t2\t가\n", 1, "label has no length"),
        ("1\t3\t가\n\n2.5\t4\t나\n", 3, "labels overlap\n.*2.5-4 s and, in line 1, 1-3 s"),
        ("1\t2\t\n", 1, "text is empty"),
        ("1\t2\t[happy]\n", 1, "text is empty"),
        ("1\t2\n", 1, "line is not a label"),
        ("1 2 가\n", 1, "line is not a label"),
        ("1\t2\t가|나\n", 1, r"character '\|' cannot be in a text"),
        ("1\t2\t가\x07나\n", 1, r"character '\\x07' cannot be in a text"),
        ("1\t2\t가\u2028나\n", 1, "cannot be in a text"),
        ("1\t2\t가\t나\n", 1, r"character '\\t' cannot be in a text"),
        ("1\t2\t[hapy] 가\n", 1, "unknown emotion 'hapy'\n.*\n.*did you mean 'happy'"),
        ("1\t2\t[happy 1.6] 가\n", 1, "intensity cannot be used\n.*'1.6'\n.*from 0 to 1.5"),
        ("1\t2\t[happy -0.1] 가\n", 1, "intensity cannot be used"),
        ("1\t2\t[happy nan] 가\n", 1, "intensity cannot be used"),
        ("1\t2\t[happy very] 가\n", 1, "intensity cannot be used"),
        ("1\t2\t[happy 1 2] 가\n", 1, "bad mark"),
        ("1\t2\t[] 가\n", 1, "bad mark"),
        ("1\t2\t[happy 가\n", 1, "mark has no closing bracket"),
    ],
)
def test_errors_of_a_track_name_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CorpusError, match=message) as caught:
        parse_label_track(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_intensities_at_the_limits(tmp_path: Path) -> None:
    path = written(tmp_path, "1\t2\t[sad 0] 가\n3\t4\t[sad 1.5] 나\n")
    assert [label.intensity for label in parse_label_track(path)] == [0.0, 1.5]


@pytest.mark.parametrize("text", ["안녕하세요", "똠방각하 펲시콜라", "こんにちは、世界", "カタカナ"])
def test_another_encoding_is_named_and_the_advised_command_changes_it(tmp_path: Path, text: str) -> None:
    is_korean = any(char >= "가" for char in text)
    path = written(tmp_path, f"1\t2\ta\n3\t4\t{text}\n", encoding="cp949" if is_korean else "cp932")
    found = r"CP949 \(EUC-KR\)" if is_korean else r"CP932 \(Shift-JIS\)"
    with pytest.raises(CorpusError, match=f":2: file is not UTF-8\n.*{found}.*\n.*save it as UTF-8") as caught:
        parse_label_track(path)
    subprocess.run(str(caught.value).split("or run: ")[1], shell=True, check=True)
    assert [label.text for label in parse_label_track(path)] == ["a", text]


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf_16_with_its_mark_is_read(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "take1.labels.txt"
    path.write_bytes(mark + "1\t2\ta\r\n3\t4\t안녕하세요\r\n".encode(encoding))
    assert [(label.start_s, label.text, label.line) for label in parse_label_track(path)] == [
        (1.0, "a", 1),
        (3.0, "안녕하세요", 2),
    ]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CorpusError, match=r"take1.labels.txt: file begins as UTF-16 and is damaged\n.*\n.*save it as"):
        parse_label_track(path)


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    path = tmp_path / "take.txt"
    path.write_bytes(b"a\n\xff\xff\xff\n")
    with pytest.raises(CorpusError, match="take.txt:2: file is not UTF-8\n.*an unknown encoding"):
        parse_script(path)


def test_empty_and_missing_files(tmp_path: Path) -> None:
    path = written(tmp_path, "\n")
    with pytest.raises(CorpusError, match="label track has no labels"):
        parse_label_track(path)
    with pytest.raises(CorpusError, match="script has no lines"):
        parse_script(path)
    with pytest.raises(CorpusError, match="file is missing"):
        parse_script(tmp_path / "none.txt")


def test_a_script(tmp_path: Path) -> None:
    path = written(tmp_path, "# 첫 장면\n\n안녕하세요.\n  [sad 0.5] 잘 가요 \n\t# 끝\n[화남] 뭐라고?")
    assert parse_script(path) == [
        ScriptLine("안녕하세요.", None, None, 3),
        ScriptLine("잘 가요", "sad", 0.5, 4),
        ScriptLine("뭐라고?", "angry", None, 6),
    ]


def test_errors_of_a_script_name_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, "가\n\n나|다\n")
    with pytest.raises(CorpusError, match="take.labels.txt:3: character"):
        parse_script(path)
