"""The Korean normaliser."""

import random
import unicodedata

import pytest

from emotts.errors import TextError
from emotts.text.frontend import front_end
from emotts.text.korean.numbers import decimal, digits, native, sino
from emotts.text.symbols import SYMBOLS


@pytest.fixture(scope="module")
def korean():
    return front_end("KR")


@pytest.fixture(scope="module")
def strict():
    return front_end("KR", on_unknown="error")


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


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        # a sign between two numbers: range, score, sum, house number
        ("10-15분 걸려요", "십분에서 십오분 걸려요"), ("10시~12시", "열 시에서 열두 시"), ("3월~5월", "삼월에서 오월"),
        ("9:00~18:00", "아홉 시에서 십팔시"), ("월~금", "월에서 금"), ("3-2로 이겼다", "삼 대 이로 이겼다"),
        ("1대1", "일 대 일"), ("3 대 2", "삼 대 이"), ("7-3=4", "칠 빼기 삼은 사"), ("2×3=6", "이 곱하기 삼은 육"),
        ("5 - 3 = 2", "오 빼기 삼은 이"), ("3*4=12", "삼 곱하기 사는 십이"), ("서현동 12-3", "서현동 십이 다시 삼"),
        ("1+1 행사", "원 플러스 원 행사"), ("5>3", "오 크다 삼"),
        ("2-3개월", "이개월에서 삼개월"), ("5%~10%", "오 퍼센트에서 십 퍼센트"), ("제1-2호", "제일 다시 이호"),
        ("10만~20만 원", "십만에서 이십만 원"), ("₩10,000~₩20,000", "만원에서 이만원"),
        # half of the day, on the hour, ordinals
        ("PM 3:00", "오후 세 시"), ("a.m. 9시", "오전 아홉 시"), ("3 PM", "오후 세 시"), ("15시00분", "십오시 정각"),
        ("1st 앨범", "퍼스트 앨범"), ("10th", "열 번째"), ("①②③", "일 이 삼"), ("S.E.S", "에스이에스"),
        ("3,4개", "삼, 네 개"),
        # counters that take Sino-Korean numbers where something else follows or precedes
        ("3반 25번", "삼반 이십오번"), ("번호 3번", "번호 삼번"), ("7번방", "칠번방"), ("4대 보험", "사대 보험"),
        ("자동차 20대", "자동차 스무 대"), ("20대 남성", "이십대 남성"), ("2장 3절", "이장 삼절"),
        ("사과,3개", "사과, 세 개"),
        # telephones, events, generations, dates
        ("010 1234 5678", "공일공 일이삼사 오육칠팔"), ("010.1234.5678", "공일공 일이삼사 오육칠팔"),
        ("119로 전화", "일일구로 전화"), ("112에 신고", "일일이에 신고"), ("119명", "백십구 명"),
        ("6.25 전쟁", "육이오 전쟁"), ("3·1절", "삼일절"), ("12·12 사태", "십이십이 사태"), ("10·26", "십이육"),
        ("386세대", "삼팔육세대"), ("24.12.25(수)", "이십사년 십이월 이십오일, 수"),
        ("12/25까지", "십이월 이십오일까지"),
        ("전화 (02) 123-4567", "전화 공이 일이삼 사오육칠"), ("02 123 4567", "공이 일이삼 사오육칠"),
        ("3.5kg~4kg", "삼 점 오 킬로그램에서 사 킬로그램"), ("1/4분기", "일사분기"),
        # versions and what begins with a point
        ("3.11.7 버전", "삼 점 십일 점 칠 버전"), ("192.168.0.1", "백구십이 점 백육십팔 점 영 점 일"),
        (".5", "영 점 오"),
        # money and units
        ("US$100", "백 미국 달러"), ("$1.5M", "백오십만 달러"), ("$10k", "만 달러"), ("500円", "오백엔"),
        ("77°F", "화씨 칠십칠도"), ("10㎍", "십 마이크로그램"), ("5ha", "오 헥타르"), ("5cm³", "오 세제곱센티미터"),
        ("x²", "엑스 제곱"), ("10^5", "십의 오제곱"), ("10⁻³", "십의 마이너스 삼제곱"),
        ("√2 ≠ 1", "루트 이 같지 않다 일"),
        ("±3", "플러스 마이너스 삼"), ("2½컵", "이 이분의 일 컵"),
        # Latin letters
        ("Dr. Kim", "닥터 킴"), ("Mr. Lee와 Ms. Park", "미스터 리와 미즈 파크"), ("R&D", "알앤디"), ("B2B", "비투비"),
        ("CO2", "시오투"), ("C#", "시샵"), ("U.S.A.", "유에스에이."), ("Node.js", "노드 제이에스"),
        ("No. 5", "넘버 오"), ("McDonald's", "맥도날드"), ("#오운완", "해시태그 오운완"),
        ("kim.lee-park@naver.co.kr", "킴 닷 리 하이픈 파크 골뱅이 네이버 닷 시오 닷 케이알"),
        ("https://www.naver.com/news/123", "네이버 닷컴 슬래시 뉴스 슬래시 백이십삼"),
        ("naver.com에서", "네이버 닷컴에서"),
        # chats
        ("ㄱㅅ", "감사"), ("ㅇㅇㅇ 알았어", "응 알았어"), ("ㅊㅋㅊㅋ", "축하"), ("ㅜ.ㅜ 안돼", "안돼"),
        ("ㅡㅡ; 왜", "왜"),
        # characters that are not seen
        ("안\u200b녕", "안녕"), ("안\u00ad녕", "안녕"), ("\u200f안녕\u200e", "안녕"), ("안\u00a0녕", "안 녕"),
        ("👨\u200d👩\u200d👧 가족 🇰🇷", "가족"), ("1\ufe0f\u20e3 번", "한 번"), ("㈜삼성", "주식회사 삼성"),
        ("(주)카카오", "주식회사 카카오"), ("○○대학교", "땡땡대학교"), ("왜❓", "왜?"),
    ],
)  # fmt: skip
def test_what_people_type(korean, written, spoken):
    assert korean.read(written).normalised_text == spoken


def test_positions_are_those_of_the_text_as_it_was_typed(strict):
    decomposed = unicodedata.normalize("NFD", "각각 Ж")
    with pytest.raises(TextError, match=rf"'Ж' \(U\+0416\) at {len(decomposed)}\n"):
        strict.read(decomposed)


@pytest.mark.parametrize("char", ["₿", "∑", "\ufffd", "\x1bㄳ", "¬", "Я"])
def test_signs_without_a_reading_are_refused_and_not_dropped(strict, char):
    with pytest.raises(TextError, match=rf"U\+{ord(char[-1]):04X}\) at {2 + len(char)}"):
        strict.read(f"가 {char}")


@pytest.mark.parametrize("part", ["3개 ", "1", "a", "a.", "안녕~", "ㅋ", "010-"])
def test_a_very_long_text_is_read_whole(korean, part):
    text = part * (2_500 // len(part)) + "끝"
    assert korean.read(text).normalised_text.endswith("끝")


def test_what_is_spoken_is_read_unchanged(korean):
    for text in ("₩15,000", "2026-03-05", "KTX 3시간", "뭐라고...?", "그래 (아니)"):
        spoken = korean.read(text).normalised_text
        assert korean.read(spoken).normalised_text == spoken


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Жя가 있다", r"'Ж' \(U\+0416\) at 1, 'я' \(U\+044F\) at 2"),
        ("저는 ไท", r"'ไ' \(U\+0E44\) at 4, 'ท' \(U\+0E17\) at 5"),
        ("да", r"'д' \(U\+0434\) at 1"),
        ("가\ue000나", r"\(U\+E000\) at 2"),
        ("ᄒᆞᆫ글 옛말 ᄫ", "cannot be read"),
        ("абвгдежзик", "and 2 more"),
    ],
)
def test_characters_that_cannot_be_read_are_named(strict, text, message):
    with pytest.raises(TextError, match=message):
        strict.read(text)


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
