"""The Korean normaliser."""

import random

import pytest

from emotts.errors import TextError
from emotts.text.frontend import front_end
from emotts.text.korean.numbers import decimal, digits, native, sino
from emotts.text.symbols import SYMBOLS


@pytest.fixture(scope="module")
def korean():
    return front_end("KR")


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "영"), (1, "일"), (10, "십"), (11, "십일"), (20, "이십"), (100, "백"), (101, "백일"), (1000, "천"),
        (1111, "천백십일"), (10_000, "만"), (15_000, "만오천"), (110_000, "십일만"), (10_001_000, "천만천"),
        (100_000_000, "일억"), (10**12, "일조"), (20_260_305, "이천이십육만삼백오"), (10**16, "일경"),
        (123_456_789, "일억이천삼백사십오만육천칠백팔십구"),
    ],
)  # fmt: skip
def test_sino_numbers(number, spoken):
    assert sino(number) == spoken


@pytest.mark.parametrize(
    ("number", "spoken"),
    [(1, "한"), (3, "세"), (10, "열"), (20, "스무"), (21, "스물한"), (34, "서른네"), (99, "아흔아홉"), (100, "백")],
)
def test_native_numbers(number, spoken):
    assert native(number) == spoken


def test_digits_and_decimals():
    assert digits("010") == "공일공"
    assert decimal("3", "140") == "삼 점 일사영"
    with pytest.raises(TextError, match="cannot be read"):
        sino(-1)
    with pytest.raises(TextError, match="24 digits"):
        sino(10**24)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        # counters
        ("사과 3개", "사과 세 개"), ("20살", "스무 살"), ("21살", "스물한 살"), ("25명", "스물다섯 명"),
        ("100개", "백 개"), ("1,234개", "천이백삼십사 개"), ("3 개", "세 개"), ("3개월", "삼개월"),
        ("3시간", "세 시간"), ("24시간", "이십사 시간"), ("1번째", "첫 번째"), ("2번째", "두 번째"),
        ("1번 출구", "일번 출구"), ("세 번", "세 번"), ("3번 했다", "세 번 했다"), ("제3회", "제삼회"),
        ("10대", "십대"), ("3학년 2반", "삼학년 이반"), ("1박 2일", "일박 이일"), ("5달러", "오달러"),
        ("3~5개", "세 개에서 다섯 개"), ("10~20%", "십 퍼센트에서 이십 퍼센트"),
        # money and percent
        ("₩15,000", "만오천원"), ("15,000원", "만오천원"), ("15만원", "십오만원"), ("$20", "이십 달러"),
        ("3만 5천 원", "삼만 오천 원"), ("€3", "삼 유로"), ("50%", "오십 퍼센트"), ("12.5%", "십이 점 오 퍼센트"),
        # dates and times
        ("2026년 3월 5일", "이천이십육년 삼월 오일"), ("2026-03-05", "이천이십육년 삼월 오일"),
        ("2026.3.5.", "이천이십육년 삼월 오일"), ("6월 10월 12월", "유월 시월 십이월"), ("14:30", "십사시 삼십분"),
        ("3:05", "세 시 오분"), ("12:00", "열두 시"), ("오후 3시 30분", "오후 세 시 삼십분"),
        ("07:08:09", "일곱 시 팔분 구초"),
        # telephone numbers
        ("010-1234-5678", "공일공 일이삼사 오육칠팔"), ("01012345678", "공일공 일이삼사 오육칠팔"),
        ("1588-0000", "일오팔팔 공공공공"),
        # units and calculations
        ("175cm", "백칠십오 센티미터"), ("62.5 kg", "육십이 점 오 킬로그램"), ("60km/h", "시속 육십 킬로미터"),
        ("25℃", "이십오도"), ("500ml", "오백 밀리리터"), ("16GB", "십육 기가바이트"), ("30m²", "삼십 제곱미터"),
        ("5㎏", "오 킬로그램"), ("3.14", "삼 점 일사"), ("0.5초", "영 점 오초"), ("-5도", "마이너스 오도"),
        ("1/3", "삼분의 일"), ("3+5=8", "삼 더하기 오는 팔"), ("3:2로", "삼 대 이로"), ("007", "공공칠"),
        ("1234567890123456789012345", "일이삼사오육칠팔구공일이삼사오육칠팔구공일이삼사오"),
        # Latin letters
        ("AI와 TV", "에이아이와 티브이"), ("KTX", "케이티엑스"), ("YouTube", "유튜브"),
        ("I love you", "아이 러브 유"), ("A4", "에이포"), ("5G", "파이브지"), ("mp3", "엠피쓰리"),
        ("MyPage", "마이페이지"), ("café", "카페"), ("don't", "돈트"), ("naver.com", "네이버 닷컴"),
        ("xyzq", "엑스와이제트큐"), ("ＡＢ", "에이비"), ("apple a", "애플 에이"),
        # signs, emoji, laughter
        ("좋아요👍🏻 😀", "좋아요"), ("웃겨 ㅋㅋㅋ", "웃겨"), ("슬퍼ㅠㅠ", "슬퍼"), ("ㄱ과 ㅏ", "기역과 아"),
        ("뭐라고...?", "뭐라고…?"), ("정말!!!", "정말!"), ("그래 (아니) [음]", "그래, 아니, 음"),
        ("“가자”", "가자"), ("사과·배", "사과, 배"), ("가자~", "가자"), ("나 — 너", "나, 너"),
        ("한국-일본", "한국 일본"), ("  가   나\t다\n라 ", "가 나 다 라"), ("하나,둘", "하나, 둘"),
        ("① Ⅲ", "일 삼"), ("가\ufeff", "가"), ("나 & 너", "나 앤드 너"), ("\u1100\u1161나", "가나"),
    ],
)  # fmt: skip
def test_texts(korean, written, spoken):
    assert korean.read(written).normalised_text == spoken


def test_what_is_spoken_is_read_unchanged(korean):
    for text in ("₩15,000", "2026-03-05", "KTX 3시간", "뭐라고...?", "그래 (아니)"):
        spoken = korean.read(text).normalised_text
        assert korean.read(spoken).normalised_text == spoken


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("漢字가 있다", r"'漢' \(U\+6F22\) at 1, '字' \(U\+5B57\) at 2"),
        ("저는 カナ", r"'カ' \(U\+30AB\) at 4, 'ナ' \(U\+30CA\) at 5"),
        ("да", r"'д' \(U\+0434\) at 1"),
        ("가\ue000나", r"\(U\+E000\) at 2"),
        ("ᄒᆞᆫ글 옛말 ᄫ", "cannot be read"),
        ("一二三四五六七八九十", "and 2 more"),
    ],
)
def test_characters_that_cannot_be_read_are_named(korean, text, message):
    with pytest.raises(TextError, match=message):
        korean.read(text)


@pytest.mark.parametrize("text", ["", "   ", "...", "!?", "😀", "ㅋㅋㅋ", "(-)"])
def test_nothing_to_say(korean, text):
    with pytest.raises(TextError, match="holds nothing that can be spoken"):
        korean.read(text)


def test_any_text_is_read_whole_or_refused(korean):
    generator = random.Random(2)
    signs = "가힣밟않뷁의는을없0123456789.,:;-+/%~₩$°℃kmTa'\"!?…()  \nㅋㅏㄱ^_=#@&×½²Ⅲ"
    signs += "월일년시분개살번만억漢😀\u200b\u0301\u1161é"
    read_texts = 0
    for _ in range(400):
        text = "".join(generator.choice(signs) for _ in range(generator.randrange(1, 24)))
        try:
            read = korean.read(text)
        except TextError:
            continue
        read_texts += 1
        assert sum(read.word2ph) == len(read.phones) == len(read.tones)
        assert len(read.word2ph) == 2 + len(read.normalised_text.replace(" ", ""))
        assert set(read.phones) <= set(SYMBOLS)
        assert korean.read(read.normalised_text).normalised_text == read.normalised_text
    assert read_texts > 100
