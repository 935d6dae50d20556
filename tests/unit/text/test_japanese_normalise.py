"""The Japanese normaliser, numbers, kana and loanwords."""

import random

import pytest

from emotts.errors import TextError
from emotts.text.english.dictionary import CmuDictionary
from emotts.text.frontend import front_end
from emotts.text.japanese.kana import kana_phones
from emotts.text.japanese.loanwords import english_kana
from emotts.text.japanese.numbers import decimal, digits, kana, kanji, minutes
from emotts.text.symbols import SYMBOLS


@pytest.fixture(scope="module")
def japanese():
    return front_end("JP")


@pytest.fixture(scope="module")
def strict():
    return front_end("JP", on_unknown="error")


def test_phones_tones_and_counts(japanese):
    read = japanese.read("東京、きょう。")
    assert read.normalised_text == "トーキョー,キョー."
    assert read.phones == ("_", "t", "o", "o", "ky", "o", "o", ",", "ky", "o", "o", ".", "_")
    assert read.tones == (0,) * 13
    assert read.word2ph == (1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("kana", "phones"),
    [
        ("アイウエオ", "a i u e o"), ("シチツフジヂヅ", "sh i ch i ts u f u j i j i z u"), ("ンッヲ", "N q o"),
        ("キャシュチョジャ", "ky a sh u ch o j a"), ("ティディトゥドゥ", "t i d i t u d u"),
        ("ファフィフェフォ", "f a f i f e f o"),
        ("ウィウェウォ", "w i w e w o"), ("ヴァヴヴュ", "b a b u by u"), ("シェジェチェ", "sh e j e ch e"),
        ("ツァツォ", "ts a ts o"),
        ("テュデュフュ", "ty u dy u hy u"), ("カァネェソォ", "k a: n e: s o:"), ("ウゥ", "u:"), ("イェ", "i e"),
        ("カーキークーケーコー", "k a a k i i k u u k e e k o o"), ("キャー", "ky a a"), ("ンー", "N N"),
        ("ッー", "q"), ("ー", ""),
        ("カァー", "k a: a"), ("リャヒュミョピャ", "ry a hy u my o py a"), ("スィズィ", "s i z i"),
    ],
)  # fmt: skip
def test_kana(kana, phones):
    units = kana_phones(kana)
    assert len(units) == len(kana)
    assert [phone for unit in units for phone in unit] == phones.split()


def test_every_kana_has_phones_that_are_symbols():
    from emotts.text.japanese.kana import KANA_PHONES

    assert {phone for phones in KANA_PHONES.values() for phone in phones} <= set(SYMBOLS)
    assert all(chr(code) in KANA_PHONES for code in range(ord("ァ"), ord("ヺ") + 1))


@pytest.mark.parametrize(
    ("number", "written", "spoken"),
    [
        (0, "〇", "ゼロ"), (10, "十", "ジュー"), (11, "十一", "ジューイチ"), (100, "百", "ヒャク"),
        (300, "三百", "サンビャク"),
        (600, "六百", "ロッピャク"), (800, "八百", "ハッピャク"), (1000, "千", "セン"), (3000, "三千", "サンゼン"),
        (8888, "八千八百八十八", "ハッセンハッピャクハチジューハチ"), (10_000, "一万", "イチマン"),
        (15_000, "一万五千", "イチマンゴセン"), (10_000_000, "一千万", "イッセンマン"), (10**8, "一億", "イチオク"),
        (10**12, "一兆", "イッチョー"), (10**13, "十兆", "ジュッチョー"), (10**16, "一京", "イッケー"),
    ],
)  # fmt: skip
def test_numbers(number, written, spoken):
    assert kanji(number) == written
    assert kana(number) == spoken


def test_digits_decimals_and_minutes():
    assert digits("0525") == "ゼロゴーニーゴー"
    assert digits("2") == "ニ"
    assert [decimal(*pair) for pair in (("0", "5"), ("1", "5"), ("3", "14"), ("10", "2"), ("8", "0"))] == [
        *("レーテンゴ", "イッテンゴ", "サンテンイチヨン", "ジュッテンニ", "ハッテンゼロ")
    ]
    assert [minutes(number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 30)] == [
        *(
            "イップン",
            "ニフン",
            "サンプン",
            "ヨンプン",
            "ゴフン",
            "ロップン",
            "ナナフン",
            "ハップン",
            "キューフン",
            "ジュップン",
        ),
        *("ジューゴフン", "サンジュップン"),
    ]
    with pytest.raises(TextError, match="20 digits"):
        kanji(10**20)
    with pytest.raises(TextError, match="cannot be read"):
        kana(-1)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2026-03-05", "ニセンニジューロクネンサンガツイツカ"), ("3/5(木)", "サンガツイツカモクヨービ"),
        ("14:30", "ジューヨジサンジュップン"),
        ("9:05:07", "クジゴフンナナビョー"), ("PM 3:00", "ゴゴサンジ"), ("¥15,000", "イチマンゴセンエン"),
        ("800円", "ハッピャクエン"),
        ("八百屋", "ヤオヤ"), ("12.5%", "ジューニテンゴパーセント"), ("3/4", "ヨンブンノサン"),
        ("5分の1", "ゴブンノイチ"),
        ("5分の遅れ", "ゴフンノオクレ"), ("十分です", "ジューブンデス"), ("三時五分", "サンジゴフン"),
        ("1,234人", "センニヒャクサンジューヨニン"),
        ("6本8本10本", "ロッポンハッポンジュッポン"), ("4月4日", "シガツヨッカ"), ("7時", "シチジ"),
        ("3階", "サンガイ"),
        ("03-1234-5678", "ゼロサンノイチニーサンヨンノゴーロクナナハチ"),
        ("03(1234)5678", "ゼロサンノイチニーサンヨンノゴーロクナナハチ"),
        ("+81-90-1234-5678", "プラスハチイチノキューゼロノイチニーサンヨンノゴーロクナナハチ"),
        ("10~20%", "ジューカラニジューパーセント"),
        ("-5度", "マイナスゴド"), ("25℃", "ニジューゴド"), ("5㎏", "ゴキログラム"),
        ("時速60km", "ジソクロクジューキロメートル"),
        ("60km/h", "ジソクロクジューキロメートル"), ("AIとTV", "エーアイトテレビ"), ("XYZ", "エックスワイゼット"),
        ("B'z", "ビーゼット"),
        ("MyPage", "マイページ"), ("smartphone", "スマートフォン"), ("xqzk", "エックスキューゼットケー"),
        ("Wi-Fi", "ワイファイ"),
        ("a@b.com", "エーアットマークビードットコム"), ("https://example.com/", "エグザンプルドットコム"),
        ("＃１", "シャープイチ"),
        ("〇〇さん", "マルマルサン"), ("〆切", "シメキリ"), ("ｶﾞｷﾞ", "ガギ"), ("か゛", "ガ"), ("①", "イチ"),
        ("Ⅲ章", "サンショー"),
        ("㍿", "カブシキガイシャ"), ("すご〜い", "スゴーイ"), ("東京〜大阪", "トーキョーカラオーサカ"),
        ("笑った(笑)", "ワラッタ"),
        ("うけるwww", "ウケル"), ("(；ω；)え", "エ"), ("😀楽しい👍🏻", "タノシイ"), ("何...？", "ナニ…?"),
        ("はい(いいえ)", "ハイ,イーエ"),
        ("ジョン・スミス", "ジョンスミス"), ("1・2", "イチ,ニ"), ("今日\n明日", "キョー.アシタ"), ("café", "カフェ"),
        ("No.5", "ナンバーゴ"),
        ("は？", "ハ?"), ("コンニチハ", "コンニチハ"),
        ("123456789012345678", "イチニーサンヨンゴーロクナナハチキューゼロイチニーサンヨンゴーロクナナハチ"),
    ],
)  # fmt: skip
def test_texts(japanese, text, reading):
    assert japanese.read(text).normalised_text == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        # a sign between two numbers: range, score, sum, house number
        ("10-15分", "ジューカラジューゴフン"), ("3-2で勝った", "サンタイニデカッタ"), ("1-2-3", "イチノニノサン"),
        ("7-3=4", "ナナヒクサンイコールヨン"), ("3*4", "サンカケルヨン"), ("5>3", "ゴダイナリサン"),
        # counters behind a comma, and what the dictionary takes for other words
        ("2番目、3つ目", "ニバンメ,ミッツメ"), ("110番", "ヒャクトーバン"), ("3階,8頭", "サンガイ,ハットー"),
        # versions, telephones, dates, and what begins with a point
        ("2.0.1", "ニテンゼロテンイチ"), (".5", "レーテンゴ"), ("12/25まで", "ジューニガツニジューゴニチマデ"),
        ("090 1234 5678", "ゼロキューゼロノイチニーサンヨンノゴーロクナナハチ"),
        # money and units
        ("₩5000", "ゴセンウォン"), ("$1.5M", "ヒャクゴジューマンドル"), ("US$100", "ヒャクアメリカドル"),
        ("77°F", "カシナナジューナナド"), ("10㎍", "ジューマイクログラム"), ("x²", "エックスニジョー"),
        ("10^5", "ジューノゴジョー"), ("≥5", "ダイナリイコールゴ"), ("√2", "ルートニ"),
        # Latin letters
        ("Dr. Kim", "ドクターキム"), ("B2B", "ビーツービー"), ("GPT-4", "ジーピーティーヨン"),
        ("R&D", "アールアンドディー"),
        ("Oh no.", "オーノー."), ("McDonald's", "マクドナルド"), ("Node.js", "ノードジェーエス"),
        ("#旅行", "ハッシュタグリョコー"),
        ("https://www.google.co.jp/search?q=1",
        "グーグルドットコードットジェーピースラッシュサーチクエスチョンキューイコールイチ"),
        ("1st", "ファースト"), ("10th", "ジューバンメ"), ("月〜金", "ゲツヨーカラキンヨー"),
        ("ver.2.0", "バージョンニテンゼロ"), ("15時00分", "ジューゴジ"),
        ("3月5日(木)〜7日(土)", "サンガツイツカモクヨービカラナノカドヨービ"), ("U.S.A", "ユーエスエー"),
        # placeholders, laughter, characters that are not seen
        ("○○さん", "マルマルサン"), ("××大学", "バツバツダイガク"), ("△△町", "サンカクサンカクマチ"),
        ("ははは！", "ハハハ!"),
        ("は\u200bい", "ハイ"), ("\u200fはい\u200e", "ハイ"), ("か\u3099く", "ガク"), ("ﾊﾟｿｺﾝ", "パソコン"),
        ("え゛ ﾟあ", "エア"),
        ("何❓", "ナニ?"), ("(有)山田", "ユーゲンガイシャヤマダ"),
    ],
)  # fmt: skip
def test_what_people_type(japanese, text, reading):
    assert japanese.read(text).normalised_text == reading


@pytest.mark.parametrize("char", ["₿", "∑", "\ufffd", "¬"])
def test_signs_without_a_reading_are_refused_and_not_dropped(strict, char):
    with pytest.raises(TextError, match=rf"U\+{ord(char):04X}\) at 2"):
        strict.read(f"あ{char}")


@pytest.mark.parametrize("part", ["今日はとても楽しい一日でした。", "東", "3個", "a", "1,", "-1", "w", "あ"])
def test_a_very_long_text_is_read_whole(japanese, part):
    text = part * (5_000 // len(part)) + "、おわり"
    assert japanese.read(text).normalised_text.endswith("オワリ")


@pytest.mark.parametrize(
    ("word", "loan"),
    [
        ("smile", "スマイル"), ("bed", "ベッド"), ("happy", "ハッピー"), ("table", "テーブル"),
        ("station", "ステーション"),
        ("street", "ストリート"), ("cards", "カーズ"), ("power", "パワー"), ("music", "ミュージック"),
        ("jump", "ジャンプ"),
        ("book", "ブック"), ("fashion", "ファッション"), ("language", "ラングワジ"), ("house", "ハウス"),
        ("first", "ファースト"),
    ],
)  # fmt: skip
def test_english_words_in_katakana(word, loan):
    assert english_kana(CmuDictionary().first(word), spelled=word) == loan


def test_every_english_word_becomes_kana():
    dictionary = CmuDictionary()
    words = [word for word in dictionary.words() if word.isalpha()][::40]
    assert len(words) > 2000
    for word in words:
        kana = english_kana(dictionary.first(word), spelled=word)
        assert kana
        assert [unit for unit in kana_phones(kana) if unit]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Жяです", r"'Ж' \(U\+0416\) at 1, 'я' \(U\+044F\) at 2"),
        ("これは да", r"'д' \(U\+0434\) at 5"),
        ("あ\ue000", r"\(U\+E000\) at 2"),
        ("これは彁という字", "'彁' at 4"),
        ("абвгдежзи", "and 1 more"),
    ],
)
def test_characters_that_cannot_be_read_are_named(strict, text, message):
    with pytest.raises(TextError, match=message):
        strict.read(text)


@pytest.mark.parametrize("text", ["", "  ", "。", "…！", "😀", "ー", "（笑）", "(^_^)"])
def test_nothing_to_say(japanese, text):
    with pytest.raises(TextError, match="holds nothing that can be spoken"):
        japanese.read(text)


def test_any_text_is_read_whole_or_refused(japanese):
    generator = random.Random(2)
    signs = "今日東京人本あかはへをっーん゛ァキャッヴゃ0123456789.,:;-+/%~〜¥$°℃kmTa'\"!?…()「」・  \n"
    signs += "年月日時分円回〇々漢ｶﾞ①Ⅲ½😀\u200b\u0301é"
    read_texts = 0
    for _ in range(400):
        text = "".join(generator.choice(signs) for _ in range(generator.randrange(1, 24)))
        try:
            read = japanese.read(text)
        except TextError:
            continue
        read_texts += 1
        assert sum(read.word2ph) == len(read.phones) == len(read.tones)
        assert len(read.word2ph) == 2 + len(read.normalised_text)
        assert set(read.phones) <= set(SYMBOLS)
        assert japanese.read(read.normalised_text).phones == read.phones
    assert read_texts > 100
