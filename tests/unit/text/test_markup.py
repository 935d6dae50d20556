"""Markup: what every tag means, where every character was written, and what is refused."""

import re

import pytest

from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import TextError
from emotts.text.frontend import front_end
from emotts.text.markup import Manner, Words, parse_markup
from emotts.text.phonemes import SilentTextError
from emotts.text.utterances import Utterance, read_utterances

STYLES = {"excited": (0.0, 0.7, 0.0, 0.0, 0.0, 0.3, 0.0)}


def weigh(expression: str, intensity: float | None) -> list[float]:
    """Return the weights at an intensity, 0.5 where the tag says none."""
    return EmotionSet().weights(expression, intensity=0.5 if intensity is None else intensity, styles=STYLES)


def row(**weights: float) -> tuple[float, ...]:
    return tuple(weights.get(name, 0.0) for name in EmotionSet().names)


def spans(text: str) -> list[tuple[str, Manner] | float]:
    parsed = parse_markup(text, weigh=weigh)
    for span in parsed:
        if isinstance(span, Words):
            assert "".join(text[place] for place in span.places) == span.text
    return [(span.text, span.manner) if isinstance(span, Words) else span.seconds for span in parsed]


HALF_HAPPY = Manner(row(neutral=0.5, happy=0.5))


def test_every_tag_holds_until_the_next_of_its_kind() -> None:
    sad = row(neutral=0.4, sad=0.6)
    assert spans("네. [happy] 와! [sad:0.6] 음 [speed 0.9]천천히 [기쁨]와 [/]끝") == [
        ("네. ", Manner()),
        (" 와! ", HALF_HAPPY),
        (" 음 ", Manner(sad)),
        ("천천히 ", Manner(sad, 0.9)),
        ("와 ", Manner(HALF_HAPPY.weights, 0.9)),
        ("끝", Manner()),
    ]


def test_mixtures_styles_and_full_width_brackets() -> None:
    [(_, mixed)] = spans("[happy:0.7+surprised:0.3 1]와")
    assert mixed.weights == pytest.approx(row(happy=0.7, surprised=0.3))
    [(_, style)] = spans("［EXCITED 1］와")
    assert style.weights == pytest.approx(row(happy=0.7, surprised=0.3))


def test_pauses() -> None:
    assert spans("[pause 0.5s]네[PAUSE 250 ms][pause 0s]") == [0.5, ("네", Manner()), 0.25, 0.0]


def test_escaped_brackets_are_text() -> None:
    text = r"\[웃음\] \\ \n ［\［］"
    with pytest.raises(TextError, match="line 1, column 14: a tag is not closed"):
        parse_markup(text, weigh=weigh)
    [words] = parse_markup(r"가\[나\]\\\다", weigh=weigh)
    assert words == Words("가[나]\\\\다", (0, 1, 3, 4, 6, 8, 9), Manner())


def test_a_tag_that_changes_nothing_cuts_nothing() -> None:
    assert spans("[happy]가 [happy:0.5]나 [speed 1.5]다 [speed 1.5]라") == [
        ("가 나 ", HALF_HAPPY),
        ("다 라", Manner(HALF_HAPPY.weights, 1.5)),
    ]


def test_marks_and_white_space_behind_a_tag_belong_to_the_text_before() -> None:
    assert spans("[happy]네[/]!\n[sad]\n") == [("네!\n\n", HALF_HAPPY)]
    assert spans("[happy]네[/], 아니요") == [("네,", HALF_HAPPY), (" 아니요", Manner())]
    assert spans("네 [/]...") == [("네 ...", Manner())]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("네\n아 [hapy]", "line 2, column 3: unknown emotion 'hapy'\n  found: [hapy]\n  wanted: one of neutral"),
        ("[hapy]", "did you mean 'happy' (happy)?"),
        ("네 [웃음]", r"write \[ and \] around what is spoken"),
        ("네 [paus 1s]", "line 1, column 3: tag cannot be read\n  found: [paus 1s]\n  wanted: [pause 0.5s] or"),
        ("[pause 1]", "wanted: [pause 0.5s] or [pause 500ms]"),
        ("[pause 61s]", "line 1, column 1: pause 61 s cannot be used\n  wanted: from 0 to 60 s"),
        ("[speed 5]", "line 1, column 1: speed 5 cannot be used\n  wanted: from 0.25 to 4"),
        ("[sad:3]", "line 1, column 1: intensity cannot be used\n  found: '3'"),
        ("[]", "line 1, column 1: tag is empty"),
        ("가 [happy\n나]", "line 1, column 3: a tag is not closed\n  found: '[happy\\n나]'"),
        ("가[나[sad]", "line 1, column 2: a tag is not closed"),
        ("가 나] 다", "line 1, column 4: a bracket closes no tag\n  found: '가 나]'"),
    ],
)
def test_what_looks_like_markup_and_is_none(text: str, message: str) -> None:
    with pytest.raises(TextError, match=re.escape(message)):
        parse_markup(text, weigh=weigh)


@pytest.fixture(scope="module")
def korean():
    return front_end("KR")


def said(korean, text: str) -> list[tuple[str, float] | float]:
    read = read_utterances(text, korean, max_phones=200, weigh=weigh)
    return [(each.text, each.pause) if isinstance(each, Utterance) else each.seconds for each in read]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("저는 [sad]슬픈 사람", [("저는", 0.0), ("슬픈 사람", 0.0)]),
        ("네, [sad]그래요. [/]끝", [("네,", 0.5), ("그래요.", 1.0), ("끝", 0.0)]),
        ("네.\n[sad]그래요", [("네.", 1.5), ("그래요", 0.0)]),
        ("네.[sad]그래요. 응", [("네.", 1.0), ("그래요.", 1.0), ("응", 0.0)]),
        ("네. [pause 0.2s] [pause 300ms] 응.", [("네.", 0.0), 0.5, ("응.", 0.0)]),
        ("네. [sad] 🎉 [/] 응.", [("네.", 1.0), ("응.", 0.0)]),
        ("[pause 1s]Mr. [happy]Kim[pause 2s]", [1.0, ("Mr.", 0.0), ("Kim", 0.0), 2.0]),
    ],
)
def test_pauses_at_cuts_are_those_of_the_text_without_tags(korean, text, expected) -> None:
    found = said(korean, text)
    assert found == expected


def test_a_text_of_tags_and_pauses_says_nothing(korean) -> None:
    for text in ("[happy]", "[pause 1s]", "[happy] 🎉 [pause 1s] ..."):
        with pytest.raises(SilentTextError, match="holds nothing that can be spoken"):
            said(korean, text)


def test_errors_of_the_front_end_name_the_sentence_in_the_whole_text(korean) -> None:
    with pytest.raises(TextError, match=r"^line 2, column 14: text .* holds[\s\S]*U\+E000\) at 1, .*E001\) at 3"):
        said(korean, "[happy] 네.\n[sad:0.6] 네. \ue000 \ue001")


def test_without_markup_brackets_are_read_by_the_front_end(korean) -> None:
    [utterance] = read_utterances("[hapy] 네", korean, max_phones=200, weigh=None)
    assert isinstance(utterance, Utterance)
    assert (utterance.text, utterance.manner) == ("[hapy] 네", Manner())
