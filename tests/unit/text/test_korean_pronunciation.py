"""Korean pronunciation, held to the Standard Pronunciation (표준 발음법) rule by rule.

Expected readings are those of the standard's own examples, or follow from the rule named.
"""

import pytest

from emotts.text.frontend import front_end


@pytest.fixture(scope="module")
def korean():
    return front_end("KR")


def heard(read):
    """Compose the phones of every character back into syllables."""
    sounds, place = [], 1
    counts = iter(read.word2ph[1:-1])
    for char in read.normalised_text:
        if char == " ":
            sounds.append(" ")
            continue
        phones = read.phones[place : place + next(counts)]
        place += len(phones)
        if len(phones) == 1:
            sounds.append(phones[0])
        else:
            onset, vowel = ord(phones[0]) - 0x1100, ord(phones[1]) - 0x1161
            coda = ord(phones[2]) - 0x11A7 if len(phones) == 3 else 0
            sounds.append(chr(0xAC00 + (onset * 21 + vowel) * 28 + coda))
    return "".join(sounds)


FINALS = [  # rules 8-11: seven final consonants
    ("닦다", "닥따"), ("키읔", "키윽"), ("옷", "옫"), ("웃다", "욷따"), ("낮", "낟"), ("꽃", "꼳"), ("쫓다", "쫃따"),
    ("솥", "솓"), ("앞", "압"), ("덮다", "덥따"), ("넋", "넉"), ("앉다", "안따"), ("여덟", "여덜"), ("넓다", "널따"),
    ("외곬", "외골"), ("핥다", "할따"), ("값", "갑"), ("없다", "업따"), ("닭", "닥"), ("맑다", "막따"),
    ("늙지", "늑찌"), ("삶", "삼"), ("젊다", "점따"), ("읊고", "읍꼬"), ("밟다", "밥따"), ("밟는", "밤는"),
    ("밟고", "밥꼬"), ("넓죽하다", "넙쭈카다"), ("맑게", "말께"), ("묽고", "물꼬"),
]  # fmt: skip
H_CASES = [  # rule 12
    ("놓고", "노코"), ("좋던", "조턴"), ("많고", "만코"), ("닳지", "달치"), ("각하", "가카"), ("맏형", "마텽"),
    ("좁히다", "조피다"), ("꽂히다", "꼬치다"), ("닿소", "다쏘"), ("놓는", "논는"), ("쌓네", "싼네"),
    ("않네", "안네"), ("뚫네", "뚤레"), ("낳은", "나은"), ("많아", "마나"), ("싫어도", "시러도"),
    ("좋아요", "조아요"), ("축하", "추카"),
]  # fmt: skip
LIAISON = [  # rules 13-16
    ("깎아", "까까"), ("옷이", "오시"), ("있어", "이써"), ("꽃을", "꼬츨"), ("앞으로", "아프로"),
    ("덮이다", "더피다"), ("넋이", "넉씨"), ("앉아", "안자"), ("닭을", "달글"), ("젊어", "절머"), ("곬이", "골씨"),
    ("핥아", "할타"), ("읊어", "을퍼"), ("값을", "갑쓸"), ("없어", "업써"), ("맛없다", "마덥따"), ("겉옷", "거돋"),
    ("헛웃음", "허두슴"), ("디귿이", "디그시"), ("키읔을", "키으글"), ("피읖에", "피으베"), ("히읗이", "히으시"),
    ("부엌을", "부어클"),
]  # fmt: skip
PALATAL = [  # rule 17
    ("굳이", "구지"), ("미닫이", "미다지"), ("땀받이", "땀바지"), ("밭이", "바치"), ("벼훑이", "벼훌치"),
    ("같이", "가치"), ("굳히다", "구치다"), ("닫히다", "다치다"), ("묻히다", "무치다"), ("묻혀", "무처"),
    ("붙여", "부처"), ("해돋이", "해도지"),
]  # fmt: skip
NASAL = [  # rules 18-20
    ("먹는", "멍는"), ("국물", "궁물"), ("깎는", "깡는"), ("긁는", "긍는"), ("흙만", "흥만"), ("닫는", "단는"),
    ("옷맵시", "온맵씨"), ("맞는", "만는"), ("꽃망울", "꼰망울"), ("붙는", "분는"), ("잡는", "잠는"),
    ("밥물", "밤물"), ("앞마당", "암마당"), ("없는", "엄는"), ("담력", "담녁"), ("침략", "침냑"), ("강릉", "강능"),
    ("대통령", "대통녕"), ("막론", "망논"), ("협력", "혐녁"), ("십리", "심니"), ("난로", "날로"), ("신라", "실라"),
    ("광한루", "광할루"), ("칼날", "칼랄"), ("줄넘기", "줄럼끼"), ("의견란", "의견난"), ("생산량", "생산냥"),
    ("상견례", "상견녜"),
]  # fmt: skip
TENSE = [  # rules 23-28
    ("국밥", "국빱"), ("깎다", "깍따"), ("뻗대다", "뻗때다"), ("옆집", "엽찝"), ("넓고", "널꼬"),
    ("앉고", "안꼬"), ("닮고", "담꼬"), ("껴안다", "껴안따"), ("갈등", "갈뜽"), ("발전", "발쩐"), ("절도", "절또"),
    ("열심히", "열씸히"), ("일시", "일씨"), ("할걸", "할껄"), ("할수록", "할쑤록"), ("할게요", "할께요"),
    ("문고리", "문꼬리"), ("산새", "산쌔"), ("손재주", "손째주"), ("길가", "길까"), ("술잔", "술짠"),
    ("초승달", "초승딸"), ("물고기", "물꼬기"), ("사건", "사껀"), ("인기", "인끼"), ("문법", "문뻡"),
    ("결정", "결쩡"), ("활동", "활똥"), ("눈빛이", "눈삐치"),
]  # fmt: skip
INSERTION = [  # rules 29-30
    ("솜이불", "솜니불"), ("꽃잎", "꼰닙"), ("한여름", "한녀름"), ("색연필", "생년필"), ("식용유", "시굥뉴"),
    ("담요", "담뇨"), ("물약", "물략"), ("서울역", "서울력"), ("강남역", "강남녁"), ("깻잎", "깬닙"),
    ("나뭇잎", "나문닙"), ("콧날", "콘날"), ("뱃머리", "밴머리"), ("베갯잇", "베갠닏"), ("십육", "심뉵"),
    ("막일", "망닐"),
]  # fmt: skip
VOWELS = [  # rule 5
    ("가져", "가저"), ("다쳐", "다처"), ("희망", "히망"), ("무늬", "무니"), ("의사", "의사"), ("시계", "시계"),
    ("띄어쓰기", "띠어쓰기"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "spoken"), [*FINALS, *H_CASES, *LIAISON, *PALATAL, *NASAL, *TENSE, *INSERTION, *VOWELS]
)
def test_words(korean, written, spoken):
    assert heard(korean.read(written)) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("오늘 정말 기쁜 하루였어요!", "오늘 정말 기쁜 하루여써요!"),
        ("할 수 있어요.", "할 쑤 이써요."),
        ("갈 곳이 없다.", "갈 꼬시 업따."),
        ("그럴 줄 몰랐어.", "그럴 쭐 몰라써."),
        ("아기를 안고 잤다.", "아기를 안꼬 잗따."),
        ("신발을 신고 나갔다.", "신바를 신꼬 나갇따."),
        ("못 해요. 못 먹어요.", "모 태요. 몬 머거요."),
        ("열 개, 여덟 개, 다섯 시", "열 깨, 여덜 깨, 다섣 씨"),
        ("십 년 전, 오천 원", "심 년 전, 오처 눤"),
        ("몇 명이 몇 시에 와요?", "면 명이 멷 씨에 와요?"),
        ("무슨 일 있어요?", "무슨 닐 이써요?"),
        ("첫 번째 문", "첟 뻔째 문"),
        ("마지막일 거야", "마지마길 꺼야"),
        ("다들 줄을 섰다", "다들 주를 섣따"),
        ("번역, 지역, 면역", "버녁, 지역, 며녁"),
        ("값이 너무 비싸지 않아요?", "갑씨 너무 비싸지 아나요?"),
        ("좋습니다. 괜찮습니다. 싫습니다.", "조씀니다. 괜찬씀니다. 실씀니다."),
        ("어떻게 그렇게 말해요?", "어떠케 그러케 말해요?"),
        ("부엌에서 밥을 짓는 냄새가 났는데", "부어케서 바블 진는 냄새가 난는데"),
        ("꽃밭에 나비가 앉았습니다.", "꼳빠테 나비가 안잗씀니다."),
        ("닭이 흙을 긁는다.", "달기 흘글 긍는다."),
        ("2026년 6월 16일", "이처니심늉년 유월 심뉴길"),
    ],
)
def test_sentences(korean, written, spoken):
    assert heard(korean.read(written)) == spoken


def test_words_do_not_run_into_each_other(korean):
    # each word is read by itself: no liaison over the space
    assert heard(korean.read("옷 안에 책 읽는")) == "옫 아네 책 잉는"


def test_every_final_before_every_onset_keeps_both_syllables_and_seven_finals(korean):
    words = [chr(ord("가") + final) + chr(ord("가") + 588 * onset) for final in range(28) for onset in range(19)]
    read = korean.read(" ".join(words))
    assert len(read.word2ph) == 2 + 2 * len(words)
    finals = {phone for phone in read.phones if "\u11a8" <= phone <= "\u11ff"}
    assert finals == set("ᆨᆫᆮᆯᆷᆸᆼ")


def test_finals_before_aspirates(korean):
    assert heard(korean.read("여덟 편, 닭털, 값표, 있푸")) == "여덜 편, 닥털, 갑표, 읻푸"
