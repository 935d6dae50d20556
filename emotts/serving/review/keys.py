"""The keys of the review page, and what they do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KEYS", "Key", "emotion_keys"]


@dataclass(frozen=True)
class Key:
    """A key by its place on the keyboard, so that it works while Hangul is typed.

    Attributes:
        code: as browsers name the place.
        action: what it does.
        label: what is printed on it.
        help: key of the words that explain it; keys with the same are shown in one line.
        shift: whether Shift is held.
        ctrl: whether Ctrl (or Command) is held.
        in_text: whether it also works while a text is edited.
        repeats: whether it acts again and again while it is held.
    """

    code: str
    action: str
    label: str
    help: str
    shift: bool = False
    ctrl: bool = False
    in_text: bool = False
    repeats: bool = False


KEYS = (
    Key("Space", "play", "Space", "key_play"),
    Key("Space", "play_from_cursor", "Shift+Space", "key_play", shift=True),
    Key("Enter", "accept", "Enter", "key_accept"),
    Key("Enter", "accept", "Ctrl+Enter", "key_accept", ctrl=True, in_text=True),
    Key("KeyX", "reject", "X", "key_reject"),
    Key("KeyJ", "next", "J", "key_next", repeats=True),
    Key("ArrowDown", "next", "↓", "key_next", repeats=True),
    Key("KeyK", "previous", "K", "key_previous", repeats=True),
    Key("ArrowUp", "previous", "↑", "key_previous", repeats=True),
    Key("KeyE", "edit", "E", "key_edit"),
    Key("Escape", "leave", "Esc", "key_edit", in_text=True),
    Key("Minus", "weaker", "-", "key_intensity", repeats=True),
    Key("Equal", "stronger", "=", "key_intensity", repeats=True),
    Key("KeyS", "split", "S", "key_split"),
    Key("KeyM", "merge", "M", "key_merge"),
    Key("BracketLeft", "start_earlier", "[", "key_start", repeats=True),
    Key("BracketRight", "start_later", "]", "key_start", repeats=True),
    Key("BracketLeft", "end_earlier", "{", "key_end", shift=True, repeats=True),
    Key("BracketRight", "end_later", "}", "key_end", shift=True, repeats=True),
    Key("KeyZ", "undo", "Z", "key_undo"),
    Key("KeyZ", "undo", "Ctrl+Z", "key_undo", ctrl=True),
    Key("KeyF", "filter", "F", "key_filter"),
    Key("KeyH", "help", "H", "key_help"),
)
_MOST_EMOTIONS = 9


def emotion_keys(n_emotions: int) -> tuple[Key, ...]:
    """Return the digits 1, 2 ... for the emotions in the order of their ids."""
    count = min(n_emotions, _MOST_EMOTIONS)
    return tuple(
        Key(f"Digit{number}", f"emotion_{number}", str(number), "key_emotion") for number in range(1, count + 1)
    )
