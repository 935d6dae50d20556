"""Words that are spelled alike and spoken differently, told apart by the words around them.

Rules of part of speech in the small: a verb follows *to*, a pronoun or an auxiliary and takes an object; a noun follows
an article, a possessive or a preposition. Words with a rule of their own (read, live, lead ...) come first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["Context", "homograph"]

_PAIRS = """
abstract=AE1-B-S-T-R-AE2-K-T/AE0-B-S-T-R-AE1-K-T abuse=AH0-B-Y-UW1-S/AH0-B-Y-UW1-Z address=AE1-D-R-EH2-S/AH0-D-R-EH1-S
advocate=AE1-D-V-AH0-K-AH0-T/AE1-D-V-AH0-K-EY2-T alternate=AO1-L-T-ER0-N-AH0-T/AO1-L-T-ER0-N-EY2-T
appropriate=AH0-P-R-OW1-P-R-IY0-AH0-T/AH0-P-R-OW1-P-R-IY0-EY2-T
approximate=AH0-P-R-AA1-K-S-AH0-M-AH0-T/AH0-P-R-AA1-K-S-AH0-M-EY2-T
associate=AH0-S-OW1-S-IY0-AH0-T/AH0-S-OW1-S-IY0-EY2-T attribute=AE1-T-R-AH0-B-Y-UW2-T/AH0-T-R-IH1-B-Y-UW2-T
combat=K-AA1-M-B-AE0-T/K-AH0-M-B-AE1-T combine=K-AA1-M-B-AY0-N/K-AH0-M-B-AY1-N
compound=K-AA1-M-P-AW0-N-D/K-AH0-M-P-AW1-N-D conduct=K-AA1-N-D-AH0-K-T/K-AH0-N-D-AH1-K-T
conflict=K-AA1-N-F-L-IH0-K-T/K-AH0-N-F-L-IH1-K-T console=K-AA1-N-S-OW0-L/K-AH0-N-S-OW1-L
contest=K-AA1-N-T-EH0-S-T/K-AH0-N-T-EH1-S-T contract=K-AA1-N-T-R-AE2-K-T/K-AH0-N-T-R-AE1-K-T
contrast=K-AA1-N-T-R-AE0-S-T/K-AH0-N-T-R-AE1-S-T convert=K-AA1-N-V-ER0-T/K-AH0-N-V-ER1-T
coordinate=K-OW0-AO1-R-D-AH0-N-AH0-T/K-OW0-AO1-R-D-AH0-N-EY2-T decrease=D-IY1-K-R-IY2-S/D-IH0-K-R-IY1-S
delegate=D-EH1-L-AH0-G-AH0-T/D-EH1-L-AH0-G-EY2-T deliberate=D-IH0-L-IH1-B-ER0-AH0-T/D-IH0-L-IH1-B-ER0-EY2-T
desert=D-EH1-Z-ER0-T/D-IH0-Z-ER1-T discount=D-IH1-S-K-AW0-N-T/D-IH0-S-K-AW1-N-T
duplicate=D-UW1-P-L-AH0-K-AH0-T/D-UW1-P-L-AH0-K-EY2-T escort=EH1-S-K-AO0-R-T/EH0-S-K-AO1-R-T
estimate=EH1-S-T-AH0-M-AH0-T/EH1-S-T-AH0-M-EY2-T excuse=IH0-K-S-K-Y-UW1-S/IH0-K-S-K-Y-UW1-Z
export=EH1-K-S-P-AO0-R-T/IH0-K-S-P-AO1-R-T extract=EH1-K-S-T-R-AE2-K-T/IH0-K-S-T-R-AE1-K-T
graduate=G-R-AE1-JH-AH0-W-AH0-T/G-R-AE1-JH-AH0-W-EY2-T house=HH-AW1-S/HH-AW1-Z import=IH1-M-P-AO2-R-T/IH2-M-P-AO1-R-T
increase=IH1-N-K-R-IY2-S/IH0-N-K-R-IY1-S insult=IH1-N-S-AH2-L-T/IH2-N-S-AH1-L-T
intimate=IH1-N-T-AH0-M-AH0-T/IH1-N-T-AH0-M-EY2-T misuse=M-IH0-S-Y-UW1-S/M-IH0-S-Y-UW1-Z
moderate=M-AA1-D-ER0-AH0-T/M-AA1-D-ER0-EY2-T object=AA1-B-JH-EH0-K-T/AH0-B-JH-EH1-K-T
perfect=P-ER1-F-IH2-K-T/P-ER0-F-EH1-K-T permit=P-ER1-M-IH2-T/P-ER0-M-IH1-T present=P-R-EH1-Z-AH0-N-T/P-R-IY0-Z-EH1-N-T
produce=P-R-OW1-D-UW0-S/P-R-AH0-D-UW1-S progress=P-R-AA1-G-R-EH2-S/P-R-AH0-G-R-EH1-S
project=P-R-AA1-JH-EH0-K-T/P-R-AH0-JH-EH1-K-T protest=P-R-OW1-T-EH2-S-T/P-R-AH0-T-EH1-S-T
rebel=R-EH1-B-AH0-L/R-IH0-B-EH1-L record=R-EH1-K-ER0-D/R-IH0-K-AO1-R-D refuse=R-EH1-F-Y-UW2-Z/R-AH0-F-Y-UW1-Z
reject=R-IY1-JH-EH0-K-T/R-IH0-JH-EH1-K-T separate=S-EH1-P-ER0-IH0-T/S-EH1-P-ER0-EY2-T
subject=S-AH1-B-JH-IH0-K-T/S-AH0-B-JH-EH1-K-T suspect=S-AH1-S-P-EH2-K-T/S-AH0-S-P-EH1-K-T
torment=T-AO1-R-M-EH2-N-T/T-AO0-R-M-EH1-N-T transfer=T-R-AE1-N-S-F-ER0/T-R-AE0-N-S-F-ER1
transport=T-R-AE1-N-S-P-AO2-R-T/T-R-AE0-N-S-P-AO1-R-T update=AH1-P-D-EY2-T/AH0-P-D-EY1-T
upgrade=AH1-P-G-R-EY2-D/AH0-P-G-R-EY1-D use=Y-UW1-S/Y-UW1-Z
"""
"""Word, its pronunciation as noun or adjective, and as verb."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOSTLY_VERBS = _words("combine convert produce refuse reject excuse use")
_TRANSITIVE = _words("combine convert produce use")
_NO_PLURAL = _words("abstract appropriate approximate deliberate intimate moderate perfect separate")
_SUBJECTS = _words("i you we they who people users others everyone")
_AUXILIARIES = _words(
    "to will would can could shall should may might must do does did don't doesn't didn't won't can't cannot couldn't "
    "wouldn't shouldn't let's please never always often usually also just i'll you'll we'll they'll he'll she'll "
    "i'd you'd we'd they'd not"
)
_THIRD = _words("he she it that which who this he'll she'll")
_DETERMINERS = _words(
    "a an the my your his her its our their this that these those no some any each every one another much more what "
    "which whose new old good bad first last best next free"
)
_PREPOSITIONS = _words("of in on at by for with from about into without under over")
_OBJECTS = _words("the a an my your his her its our their this that these those it them me us him all")
_BE = _words("am is are was were be been being i'm you're he's she's it's we're they're isn't aren't wasn't weren't")
_HAVE = _words("have has had having haven't hasn't hadn't i've you've we've they've he's she's")
_PAST = _words("yesterday ago last earlier once before already was were did had")
_DEGREES = _words("very so too how really quite pretty more as this that")
_SHOWS = _words(
    "music show shows broadcast broadcasts concert concerts performance stream streams tv coverage audience event band "
    "album version wire"
)


@dataclass(frozen=True)
class Context:
    """A word in lower case among the others of its sentence."""

    words: Sequence[str]
    place: int
    capital: bool = False

    @property
    def word(self) -> str:
        """The word itself."""
        return self.words[self.place]

    def before(self, distance: int = 1) -> str:
        """Return the word so far before this one, or an empty text."""
        return self.words[self.place - distance] if self.place >= distance else ""

    def behind(self, distance: int = 1) -> str:
        """Return the word so far behind this one, or an empty text."""
        return self.words[self.place + distance] if self.place + distance < len(self.words) else ""

    @property
    def is_verb(self) -> bool | None:
        """Whether the words around call for a verb; None where they do not tell."""
        before, behind = self.before(), self.behind()
        if before in _AUXILIARIES or before in _SUBJECTS:
            return True
        if self.word.endswith("s") and before in _THIRD - {"this", "that", "which"}:
            return True
        if before in _DETERMINERS or before in _PREPOSITIONS:
            return False
        if before in ("", "and", "or", "then", ",") and behind in _OBJECTS:
            return True
        if before in _BE:
            return False
        return True if behind in _OBJECTS else None


def homograph(context: Context) -> tuple[str, ...] | None:
    """Return the pronunciation of a word that has several, or None for all other words."""
    rule = _RULES.get(context.word)
    if rule is not None:
        return tuple(rule(context).split())
    base = context.word
    if base not in _TABLE and base.endswith("s") and base[:-1] not in _NO_PLURAL:
        base = base[:-1]
    if base not in _TABLE:
        return None
    verb = context.is_verb
    if verb is None:
        # a verb of these wants an object: fresh produce.
        verb = base in _MOSTLY_VERBS and not (base in _TRANSITIVE and context.behind() in ("", ".", ",", "!", "?", "…"))
    chosen = _TABLE[base][verb]
    return chosen if base == context.word else (*chosen, *_plural(chosen[-1]))


def _plural(last: str) -> tuple[str, ...]:
    if last in ("S", "Z", "SH", "CH", "JH", "ZH"):
        return ("IH0", "Z")
    return ("S",) if last in ("P", "T", "K", "F", "TH") else ("Z",)


def _read(context: Context) -> str:
    before, earlier = context.before(), context.before(2)
    perfect = before in _HAVE | _BE or (
        earlier in _HAVE and before in ("never", "already", "just", "not", "ever", "i", "you")
    )
    past = before in ("he", "she", "it") or (before in _SUBJECTS and bool(_PAST & set(context.words)))
    return "R EH1 D" if (perfect or past) and before != "to" else "R IY1 D"


def _live(context: Context) -> str:
    heard = context.behind() in _SHOWS or context.before() in (
        "go",
        "going",
        "went",
        "aired",
        "broadcast",
        "streamed",
        "performed",
    )
    return "L AY1 V" if heard or context.before() in ("a", "the") else "L IH1 V"


def _lives(context: Context) -> str:
    verb = context.before() in _THIRD or context.behind() in (
        "in",
        "at",
        "with",
        "on",
        "near",
        "here",
        "there",
        "alone",
    )
    return "L IH1 V Z" if verb and context.before() not in _DETERMINERS else "L AY1 V Z"


def _lead(context: Context) -> str:
    metal = context.behind() in (
        "pipe",
        "pipes",
        "paint",
        "poisoning",
        "acid",
        "weight",
        "weights",
        "pencil",
        "pencils",
        "shot",
    )
    return (
        "L EH1 D"
        if metal or (context.before() == "of" and context.before(2) in ("made", "piece", "sheet"))
        else "L IY1 D"
    )


def _wind(context: Context) -> str:
    begins = context.before() in ("", ",", ".", "!", "?", "and", "then")
    turns = context.behind() in (*_OBJECTS, "up", "down", "through", "back")
    return "W AY1 N D" if turns and (context.is_verb or begins) else "W IH1 N D"


def _tear(context: Context) -> str:
    torn = context.is_verb or context.behind() in ("in", "up", "apart", "down", "off", "it", "gas down")
    return "T EH1 R" if torn else "T IH1 R"


def _tears(context: Context) -> str:
    return "T EH1 R Z" if context.before() in ("he", "she", "it") else "T IH1 R Z"


def _bow(context: Context) -> str:
    return (
        "B AW1"
        if context.is_verb or {context.before(), context.before(2)} & {"take", "takes", "took", "taking"}
        else "B OW1"
    )


def _bass(context: Context) -> str:
    return (
        "B AE1 S"
        if context.before() in ("sea", "striped", "largemouth", "caught") or context.behind() == "fishing"
        else "B EY1 S"
    )


def _close(context: Context) -> str:
    before, behind = context.before(), context.behind()
    near = before in _DEGREES | _BE | {
        "get",
        "got",
        "getting",
        "stay",
        "come",
        "came",
        "a",
        "my",
        "up",
        "sit",
        "stand",
    } or behind in ("to", "by", "enough", "friend", "friends", "together")
    shut = before in _AUXILIARIES or (before not in _BE and behind in _OBJECTS)
    return "K L OW1 Z" if shut and before not in _DEGREES else "K L OW1 S" if near else "K L OW1 Z"


def _minute(context: Context) -> str:
    tiny = context.behind() in (
        "detail",
        "details",
        "amount",
        "amounts",
        "difference",
        "differences",
        "quantities",
        "particles",
        "changes",
    )
    return "M AY0 N UW1 T" if tiny else "M IH1 N AH0 T"


def _dove(context: Context) -> str:
    return "D OW1 V" if context.behind() in ("into", "in", "off", "deep", "down", "under", "headfirst") else "D AH1 V"


def _wound(context: Context) -> str:
    turned = context.before() in (*_SUBJECTS, *_THIRD) and context.behind() in _OBJECTS
    return "W AW1 N D" if turned or context.behind() in ("up", "around", "down", "through", "tightly") else "W UW1 N D"


def _polish(context: Context) -> str:
    return "P OW1 L IH0 SH" if context.capital and context.place > 0 else "P AA1 L IH0 SH"


def _resume(context: Context) -> str:
    return "R EH1 Z AH0 M EY2" if context.before() in _DETERMINERS else "R IH0 Z UW1 M"


def _content(context: Context) -> str:
    glad = context.before() in _BE | {"feel", "felt", "feels", "very", "quite", "perfectly"}
    return "K AH0 N T EH1 N T" if glad else "K AA1 N T EH0 N T"


def _sow(context: Context) -> str:
    return "S AW1" if context.before() in ("a", "the") else "S OW1"


_RULES: Mapping[str, Callable[[Context], str]] = MappingProxyType(
    {
        "read": _read, "live": _live, "lives": _lives, "lead": _lead, "wind": _wind, "tear": _tear, "tears": _tears,
        "bow": _bow, "bass": _bass, "close": _close, "minute": _minute, "dove": _dove, "wound": _wound,
        "polish": _polish, "resume": _resume, "content": _content, "sow": _sow,
    }
)  # fmt: skip
_TABLE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        word: (tuple(noun.split("-")), tuple(verb.split("-")))
        for word, noun, verb in (
            (word, *both.split("/")) for word, both in (pair.split("=") for pair in _PAIRS.split())
        )
    }
)
