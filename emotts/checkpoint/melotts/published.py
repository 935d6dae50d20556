"""The voices that MeloTTS's authors published, in the cache of the Hugging Face hub.

Their files are checked against the SHA-256 of the published ones whenever they are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from emotts.corpus.sources.copying import sha256_of
from emotts.errors import CheckpointError
from emotts.hub import hub_address, snapshot
from emotts.paths import BASES

__all__ = ["EMBEDDED", "PUBLISHED", "PublishedVoice", "fetch", "locate", "published_voice"]


@dataclass(frozen=True)
class PublishedVoice:
    """A voice on the Hugging Face hub: its files, by name, with their SHA-256."""

    name: str
    language: str
    repository: str
    revision: str
    sha256: Mapping[str, str]


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

EMBEDDED: Mapping[str, Path] = MappingProxyType({"compact-ko": BASES / "compact-ko"})
"""The voices that come with the project, by that name: their folders in it."""


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


def fetch(voice: PublishedVoice) -> Path:
    """Return the folder of a published voice; what is not in the hub's cache yet is downloaded.

    Raises:
        CheckpointError: if it cannot be downloaded (the message says how to get it otherwise), or a file is not the
            published one.
    """
    found = f"not all of {', '.join(voice.sha256)} in the repository"
    try:
        for local in (True, False):
            folder = snapshot(voice.repository, voice.revision, files=list(voice.sha256), local=local)
            if folder is not None:
                return _checked(voice, folder)
    except OSError as error:
        found = str(error)
    raise CheckpointError(
        f"{voice.repository} cannot be downloaded",
        found=found,
        remedy=f"on a machine with a network, get {' and '.join(voice.sha256)} from "
        f"{hub_address(voice.repository, voice.revision)}, put them into a folder, and name it as base in params.yaml",
    )


def locate(voice: PublishedVoice) -> Path:
    """Return the folder of a published voice that was fetched before.

    Raises:
        CheckpointError: if it was not fetched, or a file is not the published one.
    """
    folder = snapshot(voice.repository, voice.revision, files=list(voice.sha256), local=True)
    if folder is None:
        raise CheckpointError(
            f"the base voice {voice.name} is not on this machine", remedy=f"run `emotts base fetch {voice.language}`"
        )
    return _checked(voice, folder)


def _checked(voice: PublishedVoice, folder: Path) -> Path:
    for name, wanted in voice.sha256.items():
        found = sha256_of(folder / name)
        if found != wanted:
            raise CheckpointError(
                "the file is not the one that was published",
                where=folder / name,
                found=f"SHA-256 {found}",
                wanted=f"SHA-256 {wanted}",
                remedy=f"delete the folder {folder.parents[1]} and run `emotts base fetch {voice.language}`; if it "
                "stays so, do not use it",
            )
    return folder
