"""emotts: one voice recording with acted emotions in, an emotional text-to-speech voice out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emotts.voice import Speech, Voice

__all__ = ["Speech", "Voice"]


def __getattr__(name: str) -> object:
    """Import the public classes on first use, so that ``import emotts`` itself costs nothing."""
    if name in __all__:
        from emotts import voice

        return getattr(voice, name)
    raise AttributeError(f"module 'emotts' has no attribute {name!r}")
