"""The English normaliser, numbers, homographs and unknown words."""

import random

import pytest

from emotts.errors import TextError
from emotts.text.english.dictionary import CmuDictionary
from emotts.text.english.numbers import cardinal, decade, decimal, digits, fraction, ordinal, year
from emotts.text.english.pronunciation import WordReader
from emotts.text.english.spelling import SpellingReader
from emotts.text.frontend import front_end
from emotts.text.symbols import SYMBOLS

ONE_TO_ZERO = "one two three four five six seven eight nine zero"


@pytest.fixture(scope="module")
def english():
    return front_end("EN")


@pytest.fixture(scope="module")
def strict():
    return front_end("EN", on_unknown="error")


@pytest.fixture(scope="module")
def words():
    return WordReader(CmuDictionary(), SpellingReader())


def test_phones_tones_and_counts(english):
    read = english.read("Very good, a hit.")
    assert read.normalised_text == "very good, a hit."
    assert read.phones == ("_", "V", "eh", "r", "iy", "g", "uh", "d", ",", "ah", "hh", "ih", "t", ".", "_")
    assert read.tones == (0, 0, 2, 0, 1, 0, 2, 0, 0, 1, 0, 2, 0, 0, 0)
    assert read.word2ph == (1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1)


def test_stress_is_the_tone(english):
    # secondary stress is 3: AH2 N K AH0 N D IH1 SH AH0 N AH0 L
    assert english.read("unconditional").tones == (0, 3, 0, 0, 1, 0, 0, 2, 0, 1, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "zero"), (13, "thirteen"), (20, "twenty"), (21, "twenty one"), (100, "one hundred"),
        (115, "one hundred fifteen"), (1000, "one thousand"), (15_000, "fifteen thousand"),
        (1_000_001, "one million one"), (10**9, "one billion"), (2 * 10**12, "two trillion"),
    ],
)  # fmt: skip
def test_cardinals(number, spoken):
    assert cardinal(number) == spoken


def test_other_numbers():
    assert [ordinal(number) for number in (1, 2, 3, 5, 8, 12, 20, 21, 100)] == [
        *("first", "second", "third", "fifth", "eighth", "twelfth", "twentieth", "twenty first", "one hundredth")
    ]
    assert [year(number) for number in (1066, 1905, 1999, 1900, 2000, 2005, 2026)] == [
        *("ten sixty six", "nineteen oh five", "nineteen ninety nine", "nineteen hundred"),
        *("two thousand", "two thousand five", "twenty twenty six"),
    ]
    assert (decade(1990), decade(80), decade(1900)) == ("nineteen nineties", "eighties", "nineteen hundreds")
    assert (decimal("3", "14"), digits("305")) == ("three point one four", "three zero five")
    assert [fraction(*pair) for pair in ((1, 2), (3, 4), (2, 3), (3, 2), (1, 100))] == [
        *("one half", "three quarters", "two thirds", "three halves", "one over one hundred")
    ]
    with pytest.raises(TextError, match="21 digits"):
        cardinal(10**21)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Dr. Lee, Mr. Kim", "doctor lee, mister kim"), ("Elm St. and St. Paul", "elm street and saint paul"),
        ("e.g. cats, i.e. pets, etc.", "for example cats, that is pets, et cetera."),
        ("cats vs. dogs", "cats versus dogs"),
        ("$15,000.50", "fifteen thousand dollars and fifty cents"), ("$1", "one dollar"),
        ("$0.99", "ninety nine cents"),
        ("$2.5 million", "two point five million dollars"), ("£3.01", "three pounds and one penny"),
        ("5€", "five euros"),
        ("$10k", "ten thousand dollars"), ("12.5%", "twelve point five percent"), ("3:05 p.m.", "three oh five P M."),
        ("14:30", "fourteen thirty"), ("3:00", "three o'clock"), ("9am", "nine A M"), ("10:00 PM", "ten P M"),
        ("March 5, 2026", "march fifth, twenty twenty six"), ("5th of March 2026", "fifth of march twenty twenty six"),
        ("2026-03-05", "march fifth twenty twenty six"), ("3/5/2026", "march fifth twenty twenty six"),
        ("Jan. 1st", "january first"), ("in 1999", "in nineteen ninety nine"), ("the 1990s", "the nineteen nineties"),
        ("the '80s", "the eighties"), ("2020-2021", "twenty twenty to twenty twenty one"),
        ("2026 apples", "two thousand twenty six apples"), ("1,234", "one thousand two hundred thirty four"),
        ("175cm", "one hundred seventy five centimeters"), ("1 kg", "one kilogram"),
        ("-5°C", "minus five degrees celsius"),
        ("60 mph", "sixty miles per hour"), ("16GB", "sixteen gigabytes"), ("30 m²", "thirty square meters"),
        ("6'2\"", "six foot two"), ("1/2, 2 3/4", "one half, two and three quarters"), ("½", "one half"),
        ("10-20", "ten to twenty"), ("3+5=8", "three plus five equals eight"), ("#1", "number one"),
        ("No. 5", "number five"),
        ("555-123-4567", "five five five, one two three, four five six seven"), ("Call 911", "call nine one one"),
        ("007", "zero zero seven"), ("v2.0.1", "V two point zero point one"), ("24/7", "twenty four seven"),
        ("info@example.com", "info at example dot com"),
        ("https://www.example.com/a-b", "example dot com slash A dash B"),
        ("The FBI", "the fbi"), ("the US", "the U S"), ("US and us", "U S and us"), ("the U.S. is", "the U S is"),
        ("CPUs", "C P U's"), ("XYZQ", "X Y Z Q"), ("AT&T", "A T and T"), ("mp3", "mp three"), ("iPhone", "iphone"),
        ("MySpaceBar", "my space bar"), ("World War II", "world war two"), ("Henry VIII", "henry the eighth"),
        ("STOP IT NOW", "stop it now"), ("I am", "i am"), ("A cat", "a cat"), ("plan A", "plan A"),
        ("A or B", "A or B"),
        ("well-known", "well known"), ("café", "cafe"), ("“so,” ‘he’ said", "so, he said"),
        ("rock 'n' roll", "rock and roll"),
        ("it -- is", "it, is"), ("a — b", "a, B"), ("no...", "no…"), ("what?!", "what?!"), ("fun 😀 :)", "fun"),
        ("one\ntwo", "one. two"), ("π and Ω", "pi and ohms"), ("ﬁne ＡＢＣ", "fine abc"), ("w/o milk", "without milk"),
        ("100% & more", "one hundred percent and more"), ("cats’ toys", "cats' toys"), ("Ph.D.", "P H D"),
        ("12345678901234567890123", f"{ONE_TO_ZERO} {ONE_TO_ZERO} one two three"),
    ],
)  # fmt: skip
def test_texts(english, text, spoken):
    assert english.read(text).normalised_text == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        # dates and times
        ("25/12/2024", "december twenty fifth twenty twenty four"), ("12/25", "december twenty fifth"),
        ("9/11", "nine eleven"), ("50/50", "fifty fifty"), ("in 1066", "in ten sixty six"),
        ("10:30-11:30", "ten thirty to eleven thirty"), ("9am–5pm", "nine A M to five P M"),
        ("Mon-Fri", "monday to friday"), ("1990–95", "nineteen ninety to ninety five"),
        # ranges, scores, sums, comparisons
        ("30%–40%", "thirty percent to forty percent"), ("$5-$10", "five dollars to ten dollars"),
        ("$5-10", "five dollars to ten dollars"), ("3:2", "three to two"), ("7-3=4", "seven minus three equals four"),
        ("3*4", "three times four"), (">5", "greater than five"), ("~5", "about five"), ("≥5", "at least five"),
        ("x²", "X squared"), ("2^10", "two to the power of ten"), ("√2", "the square root of two"), ("A-Z", "A to Z"),
        # money, units, telephones
        ("US$100", "one hundred U S dollars"), ("2L", "two liters"), ("6 ft 2 in", "six feet two inches"),
        ("10㎍", "ten micrograms"), ("1080p", "ten eighty P"), ("5 cm³", "five cubic centimeters"),
        ("+1 555 123 4567", "plus one, five five five, one two three, four five six seven"),
        ("555.123.4567", "five five five, one two three, four five six seven"),
        # letters
        ("CO2", "C O two"), ("MP3", "M P three"), ("C#", "C sharp"), ("OMG", "O M G"), ("Rocky II", "rocky two"),
        ("Sec. 3", "section three"), ("est. 1990", "established nineteen ninety"), ("#throwback", "hashtag throwback"),
        ("example.com/a?x=1", "example dot com slash A question mark X equals one"),
        # characters that are not seen
        ("he\u00adllo", "hello"), ("\u200fhi\u200e", "hi"), ("hi 👨\u200d👩\u200d👧 🇺🇸", "hi"), ("what❓", "what?"),
    ],
)  # fmt: skip
def test_what_people_type(english, text, spoken):
    assert english.read(text).normalised_text == spoken


@pytest.mark.parametrize("char", ["₿", "∑", "\ufffd", "¬", "Ж"])
def test_signs_without_a_reading_are_refused_and_not_dropped(strict, char):
    with pytest.raises(TextError, match=rf"U\+{ord(char):04X}\) at 3"):
        strict.read(f"a {char}")


@pytest.mark.parametrize("part", ["I am happy. ", "ab.", "A.", "x", "1,", "-1", "'", "foo@", "http://a."])
def test_a_very_long_text_is_read_whole(english, part):
    text = part * (5_000 // len(part)) + " end"
    assert english.read(text).normalised_text.endswith("end")


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        # as the dictionary has them, its usual entry
        ("hello", "HH AH0 L OW1"), ("don't", "D OW1 N T"), ("tomato", "T AH0 M EY1 T OW2"),
        # endings: voiced, voiceless, hissing
        ("chatbots", "CH AE1 T B AA2 T S"), ("emoji's", "IH0 M OW1 JH IY0 Z"), ("glitch's", "G L IH1 CH IH0 Z"),
        ("googled", "G UW1 G AH0 L D"), ("vlogged", "V L AO1 G D"), ("tweetable", "T W IY1 T AH0 B AH0 L"),
        ("dogs'", "D AO1 G Z"), ("who'd've", "HH UW1 D AH0 V"), ("unfriendable", "AH2 N F R EH1 N D AH0 B AH0 L"),
        # compounds
        ("smartwatch", "S M AA1 R T W AA2 CH"),
        # letters held long, and a word too long for the network: no part of it is lost
        ("sooo", "S OW1"), ("yesss", "Y EH1 S"), ("cooool", "K UW1 L"),
        # no vowel: letters
        ("xzq", "EH1 K S Z IY1 K Y UW1"),
        # by their spelling alone
        ("blorf", "B L AO1 R F"), ("zorbit", "Z AO1 R B AH0 T"),
    ],
)  # fmt: skip
def test_words(words, word, phones):
    assert " ".join(words.read(word)) == phones


def test_every_part_of_a_very_long_word_is_spoken(words):
    long = words.read("blorfzorbitblorfzorbitblorfzorbitblorfzorbit")
    assert len(long) > 36
    assert len(words.read("pneumonoultramicroscopicsilicovolcanoconiosis")) > 36


@pytest.mark.parametrize(
    ("text", "word", "phones"),
    [
        ("I read it every day.", "read", "r iy d"), ("I read it yesterday.", "read", "r eh d"),
        ("She has read it.", "read", "r eh d"), ("He read the note.", "read", "r eh d"),
        ("I want to read.", "read", "r iy d"),
        ("We live here.", "live", "l ih V"), ("A live show.", "live", "l ay V"),
        ("Their lives matter.", "lives", "l ay V z"),
        ("She lives here.", "lives", "l ih V z"), ("They lead us.", "lead", "l iy d"),
        ("A lead pipe.", "lead", "l eh d"),
        ("Use it.", "use", "y uw z"), ("It is of no use.", "use", "y uw s"),
        ("Record this.", "record", "r ih k ao r d"),
        ("A new record.", "record", "r eh k er d"), ("Two records.", "records", "r eh k er d z"),
        ("Please close it.", "close", "k l ow z"), ("We are close.", "close", "k l ow s"),
        ("Stand close to me.", "close", "k l ow s"),
        ("The wind blew.", "wind", "w ih n d"), ("Wind it up.", "wind", "w ay n d"),
        ("Don't tear it.", "tear", "t eh r"),
        ("A single tear.", "tear", "t ih r"), ("It is perfect.", "perfect", "p er f ih k t"),
        ("We must perfect it.", "perfect", "p er f eh k t"), ("The desert is hot.", "desert", "d eh z er t"),
        ("They will desert us.", "desert", "d ih z er t"), ("An estimate.", "estimate", "eh s t ah m ah t"),
        ("I estimate it.", "estimate", "eh s t ah m ey t"), ("The Polish flag.", "Polish", "p ow l ih sh"),
        ("Polish the shoes.", "polish", "p aa l ih sh"), ("A house.", "house", "hh aw s"),
    ],
)  # fmt: skip
def test_homographs(english, text, word, phones):
    read = english.read(text)
    spelled = read.normalised_text.replace(" ", "")
    start = spelled.index(word)
    first = sum(read.word2ph[: 1 + start])
    assert " ".join(read.phones[first : first + sum(read.word2ph[1 + start : 1 + start + len(word)])]) == phones


def test_the_network_says_most_dictionary_words_as_the_dictionary_does(words):
    dictionary, spelling = CmuDictionary(), SpellingReader()
    sample = [word for word in dictionary.words() if word.isalpha()][::200]
    same = sum(spelling.read(word) in dictionary.all(word) for word in sample)
    assert len(sample) > 500
    assert same / len(sample) > 0.6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("say 漢字", r"'漢' \(U\+6F22\) at 5, '字' \(U\+5B57\) at 6"),
        ("今日", r"'今' \(U\+4ECA\) at 1"),
        ("да", r"'д' \(U\+0434\) at 1"),
        ("a\ue000", r"\(U\+E000\) at 2"),
        ("абвгдежзи", "and 1 more"),
    ],
)
def test_characters_that_cannot_be_read_are_named(strict, text, message):
    with pytest.raises(TextError, match=message):
        strict.read(text)


@pytest.mark.parametrize("text", ["", "  ", "...", "?!", "😀", "-", "''", ":)"])
def test_nothing_to_say(english, text):
    with pytest.raises(TextError, match="holds nothing that can be spoken"):
        english.read(text)


def test_any_text_is_read_whole_or_refused(english):
    generator = random.Random(2)
    signs = "aAIbBeEstrSTRnNkK  ''-0123456789.,:;+/%~$£€°&@#\"!?…()\n½²éß😀\u200b\u0301"
    read_texts = 0
    for _ in range(600):
        text = "".join(generator.choice(signs) for _ in range(generator.randrange(1, 24)))
        try:
            read = english.read(text)
        except TextError:
            continue
        read_texts += 1
        assert sum(read.word2ph) == len(read.phones) == len(read.tones)
        assert len(read.word2ph) == 2 + len(read.normalised_text.replace(" ", ""))
        assert set(read.phones) <= set(SYMBOLS)
    assert read_texts > 300
