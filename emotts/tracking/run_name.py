"""The name of a run: what differs from the run before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

__all__ = ["difference_name"]

_SHOWN = 3
_LONGEST = 24


def difference_name(params: Mapping[str, object], former: Mapping[str, str] | None) -> str | None:
    """Return the settings that differ from those of a former run, such as ``learning_rate 3e-4, steps 900``.

    A setting goes by the last part of its name where no other one that changed has the same.

    Args:
        params: settings by dotted key.
        former: those of the former run, as MLflow keeps them; None: there is none.

    Returns:
        None without a former run, or where no setting differs.
    """
    if former is None:
        return None
    changed = {key: value for key, value in params.items() if key in former and former[key] != str(value)}
    if not changed:
        return None
    ends = Counter(key.rpartition(".")[2] for key in changed)
    said = []
    for key, value in changed.items():
        end = key.rpartition(".")[2]
        said.append(f"{end if ends[end] == 1 else key} {_shown(value)}")
    more = [f"{len(said) - _SHOWN} more"] if len(said) > _SHOWN else []
    return ", ".join([*said[:_SHOWN], *more])


def _shown(value: object) -> str:
    if isinstance(value, float):
        mantissa, e, exponent = f"{value:g}".partition("e")
        if not e and value and abs(value) < 1e-2:
            mantissa, e, exponent = f"{value:.6e}".partition("e")
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{int(exponent)}" if e else mantissa
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
