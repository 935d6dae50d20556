"""The voices that MeloTTS's authors published, in a cache on this machine.

A voice lies in ``CACHE/base/NAME`` as ``checkpoint.pth`` and ``config.json``; ``origin.json`` beside them records
where they came from and their SHA-256, against which they are checked whenever they are used. ``CACHE`` is
``$EMOTTS_CACHE``, else ``$XDG_CACHE_HOME/emotts``, else ``~/.cache/emotts``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emotts.checkpoint.files import remove_folder, write_file
from emotts.checkpoint.melotts_config import read_config
from emotts.errors import CheckpointError

__all__ = ["EMBEDDED", "PUBLISHED", "PublishedVoice", "cache_folder", "fetch", "locate", "published_voice"]

_LOG = logging.getLogger(__name__)
_FILES = ("checkpoint.pth", "config.json")
_ORIGIN = "origin.json"
_TIMEOUT_S = 20.0
Download = Callable[..., None]


@dataclass(frozen=True)
class PublishedVoice:
    """A voice on the Hugging Face hub. ``sha256`` holds the digests of its files where they are known."""

    name: str
    language: str
    repository: str
    revision: str
    sha256: Mapping[str, str] = field(default_factory=dict)


PUBLISHED: Mapping[str, PublishedVoice] = MappingProxyType(
    {
        voice.name: voice
        for voice in (
            PublishedVoice(
                name="melotts-kr",
                language="KR",
                repository="myshell-ai/MeloTTS-Korean",
                revision="0207e5adfc90129a51b6b03d89be6d84360ed323",
                sha256={
                    "checkpoint.pth": "48e3ff3fd0b5348e095f0468e60ae727507564100f58142ef3a922ead6e0a4d0",
                    "config.json": "74543376976dfadde45ba34336fa79c7e95509f43a7c2e701b22c0f71fd7695c",
                },
            ),
            PublishedVoice(
                name="melotts-jp",
                language="JP",
                repository="myshell-ai/MeloTTS-Japanese",
                revision="367f8795464b531b4e97c1515bddfc1243e60891",
                sha256={
                    "checkpoint.pth": "96ae783e6ec0177aa810e2a645aec5d136a6f4992fdea26ee92b7b04d9688ad0",
                    "config.json": "207def0d31bf7623e20f4a5e690f217747661bf495319c0139303122b6debcc3",
                },
            ),
            PublishedVoice(
                name="melotts-en",
                language="EN",
                repository="myshell-ai/MeloTTS-English-v3",
                revision="f7c4a35392c0e9be24a755f1edb4c3f63040f759",
                sha256={
                    "checkpoint.pth": "959433dc1c6df618922560b4b7bc8c7af0a4b7ceaea267480c5d9ae8a3cfe536",
                    "config.json": "66db2f9d3fba6e94e7f430668188130129c0428a5a1646bcd8bd453a966e778a",
                },
            ),
        )
    }
)
"""By the name that ``base`` in ``params.yaml`` has for them."""

EMBEDDED: Mapping[str, Path] = MappingProxyType({"compact-ko": Path("models/base/compact-ko")})
"""The voices that come with the project, by that name: their folders in it."""


def cache_folder() -> Path:
    """Return the folder that downloads are kept in, whether it is there or not."""
    named = os.environ.get("EMOTTS_CACHE")
    if named:
        return Path(named)
    general = os.environ.get("XDG_CACHE_HOME")
    return (Path(general) if general else Path.home() / ".cache") / "emotts"


def published_voice(language: str) -> PublishedVoice:
    """Return the published voice of a language: ``KR``, ``JP`` or ``EN``.

    Raises:
        CheckpointError: if there is none.
    """
    for voice in PUBLISHED.values():
        if voice.language == language.upper():
            return voice
    languages = ", ".join(voice.language for voice in PUBLISHED.values())
    raise CheckpointError("no voice is published for this language", found=language, wanted=f"one of {languages}")


def fetch(voice: PublishedVoice, *, cache: Path | None = None, download: Download | None = None) -> dict[str, Any]:
    """See to it that a published voice lies in the cache, and return what is recorded about it.

    Files that were put there by hand are accepted and recorded; what was recorded before is checked again.

    Args:
        voice: which one.
        cache: see :func:`cache_folder`.
        download: called as ``download(repository, files, revision=, into=)``; None: from the hub.

    Returns:
        ``repository``, ``revision`` (None for files put there by hand), ``files`` (name to SHA-256), ``folder``.

    Raises:
        CheckpointError: if it cannot be downloaded (the message says which files to put where), or a file is not
            the one that was recorded or published.
    """
    folder = _folder(voice, cache)
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if not missing:
        return _checked(voice, folder)
    partial = folder.with_name(f".{folder.name}.partial")
    remove_folder(partial)
    partial.mkdir(parents=True)
    try:
        (download or _from_hub)(voice.repository, _FILES, revision=voice.revision, into=partial)
        digests = {name: _digest(partial / name) for name in _FILES}
        differing = [name for name in voice.sha256 if digests[name] != voice.sha256[name]]
        if differing:
            raise CheckpointError(
                "what was downloaded is not what was published",
                where=f"{voice.repository} at {voice.revision}",
                found=", ".join(f"{name} with SHA-256 {digests[name]}" for name in differing),
                remedy="try again; if it stays so, do not use it",
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            (partial / name).replace(folder / name)
    except OSError as error:
        raise _unreachable(voice, folder, missing=missing, error=error) from error
    finally:
        remove_folder(partial)
    return _record(voice, folder, revision=voice.revision)


def locate(voice: PublishedVoice, *, cache: Path | None = None) -> Path:
    """Return the folder of a published voice that was fetched before, its files checked against their record.

    Raises:
        CheckpointError: if it was not fetched, or a file is not the one that was recorded.
    """
    folder = _folder(voice, cache)
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise CheckpointError(
            f"the base voice {voice.name} is not on this machine",
            where=folder,
            found=f"no {' and no '.join(missing)}",
            remedy=f"run `emotts base fetch {voice.language}`",
        )
    _checked(voice, folder)
    return folder


def _folder(voice: PublishedVoice, cache: Path | None) -> Path:
    return (cache_folder() if cache is None else cache) / "base" / voice.name


def _checked(voice: PublishedVoice, folder: Path) -> dict[str, Any]:
    """Return the record of the files that are there, made now if there was none."""
    path = folder / _ORIGIN
    if not path.is_file():
        return _record(voice, folder, revision=None)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        recorded = {name: str(record["files"][name]) for name in _FILES}
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            "the record of a download is damaged", where=path, found=repr(error), remedy=f"delete the folder {folder}"
        ) from error
    for name, digest in recorded.items():
        found = _digest(folder / name)
        if found != digest:
            raise CheckpointError(
                "the file is not the one that was recorded when it came",
                where=folder / name,
                found=f"SHA-256 {found}",
                wanted=f"SHA-256 {digest}",
                remedy=f"delete the folder {folder} and run `emotts base fetch {voice.language}`",
            )
    return {**record, "folder": str(folder)}


def _record(voice: PublishedVoice, folder: Path, *, revision: str | None) -> dict[str, Any]:
    """Write and return ``origin.json`` for files that are there; what is no MeloTTS configuration is refused."""
    read_config(folder / "config.json")
    files = {name: _digest(folder / name) for name in _FILES}
    for name, digest in voice.sha256.items():
        if files[name] != digest:
            _LOG.warning("%s is not the published one (SHA-256 %s); it is used as it is", folder / name, files[name])
    record = {"repository": voice.repository, "revision": revision, "files": files}
    write_file(folder / _ORIGIN, (json.dumps(record, indent=2) + "\n").encode())
    return {**record, "folder": str(folder)}


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _from_hub(repository: str, files: tuple[str, ...], *, revision: str, into: Path) -> None:
    """Download files of one revision; every failure is an OSError."""
    import httpx
    from huggingface_hub import HfApi

    hub = HfApi()
    try:
        hub.model_info(repository, revision=revision, timeout=_TIMEOUT_S)  # fails at once where a download would retry
        for name in files:
            hub.hf_hub_download(repository, name, revision=revision, local_dir=into)
    except (httpx.HTTPError, ValueError) as error:
        raise OSError(str(error)) from error


def _unreachable(voice: PublishedVoice, folder: Path, *, missing: list[str], error: OSError) -> CheckpointError:
    address = f"https://huggingface.co/{voice.repository}/tree/{voice.revision}"
    wanted = "\n    ".join(str(folder / name) for name in missing)
    return CheckpointError(
        f"{voice.repository} cannot be downloaded",
        found=" ".join(str(error).split())[:200],
        remedy=f"on a machine with a network, get {' and '.join(missing)} from {address}, put them here, and run "
        f"`emotts base fetch {voice.language}` again:\n    {wanted}",
    )
