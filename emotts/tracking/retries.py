"""How often an entry was sent in vain to a server that takes others, so that it does not block a run for ever."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from emotts.files import write_text
from emotts.tracking.batches import Batch
from emotts.tracking.segment import Segment

__all__ = ["Retries"]

_MOST_TRIES, _LEAST_S = 10, 300.0
"""So many tries, over at least so long, are enough."""
_FILE = "tries.json"


class Retries:
    """The file ``tries.json`` in the folder of a run: tries and the time of the first one, whichever process made them.

    Times are the machine's clock: they have to outlive a process.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def are_enough(self, batch: Batch, segment: Segment) -> bool:
        """Count a try that was in vain; say whether it was the last one."""
        tries, key = self._read(), _key(batch, segment)
        count, since_s = tries.get(key, (0, time.time()))
        tries[key] = (count + 1, since_s)
        self._write(tries)
        return count + 1 >= _MOST_TRIES and time.time() - since_s >= _LEAST_S

    def forget(self, batch: Batch, segment: Segment) -> bool:
        """Forget the tries of a batch that was delivered or set aside; say whether there were any."""
        tries = self._read()
        known = tries.pop(_key(batch, segment), None) is not None
        if known:
            self._write(tries)
        return known

    def _read(self) -> dict[str, tuple[int, float]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(key): (int(count), float(since_s)) for key, (count, since_s) in found.items()}
        except (FileNotFoundError, ValueError, AttributeError, TypeError):
            return {}

    def _write(self, tries: dict[str, tuple[int, float]]) -> None:
        if tries:
            write_text(self._path, json.dumps(tries))
        else:
            self._path.unlink(missing_ok=True)


def _key(batch: Batch, segment: Segment) -> str:
    """Name a batch by its first item: others may join it between two tries."""
    first = json.dumps([segment.path.name, batch.kind, batch.items[0]])
    return hashlib.sha256(first.encode()).hexdigest()
