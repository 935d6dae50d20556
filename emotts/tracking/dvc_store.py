"""The files that DVC's cache and remote hold."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.errors import ConfigError

__all__ = ["DataStore", "Location"]


@dataclass(frozen=True)
class Location:
    """The location of the files of an out.

    Attributes:
        cached, remote, missing: how many files are in the cache, in the remote alone, in neither; a folder whose
            list of files is missing counts as one missing file.
    """

    cached: int = 0
    remote: int = 0
    missing: int = 0

    @property
    def available(self) -> bool:
        """Whether every file is available."""
        return not self.missing

    def __str__(self) -> str:
        """Return it in words."""
        if not self.available:
            total = self.cached + self.remote + self.missing
            return f"{self.missing} of {total} files are in neither cache nor remote"
        files = f"{self.cached + self.remote} files"
        return f"{files}, {self.remote} of them in the remote alone" if self.remote else f"{files} in the cache"


class DataStore:
    """The cache and the default remote of a project."""

    def __init__(self, root: Path) -> None:
        """Open a project's DVC.

        Raises:
            ConfigError: if the project is not under DVC.
        """
        exceptions = importlib.import_module("dvc.exceptions")
        try:
            self._repo = importlib.import_module("dvc.repo").Repo(str(root))
        except exceptions.NotDvcRepoError as error:
            raise ConfigError("the project is not under DVC", where=root, remedy="run `dvc init`") from error
        self._cache: Any = self._repo.cache.local
        try:
            self._remote: Any = self._repo.cloud.get_remote_odb()
        except exceptions.DvcException:
            self._remote = None

    @property
    def cache_folder(self) -> Path:
        """The folder of the cache, as DVC's setting ``cache.dir`` takes it."""
        return Path(self._repo.cache.local_cache_dir)

    @property
    def local_remote(self) -> tuple[str, Path] | None:
        """Name and folder of the default remote where it is a folder of this machine."""
        name = self._repo.config["core"].get("remote")
        if self._remote is None or name is None or self._remote.fs.protocol != "local":
            return None
        return str(name), Path(self._repo.config["remote"][name]["url"])

    def locate(self, digest: str) -> Location:
        """Return where the files of an out are, by its hash."""
        if not digest.endswith(".dir"):
            return self._count([digest])
        listing = next(
            (store for store in (self._cache, self._remote) if store is not None and store.exists(digest)), None
        )
        if listing is None:
            return Location(missing=1)
        tree = importlib.import_module("dvc_data.hashfile.tree").Tree
        hash_info = importlib.import_module("dvc_data.hashfile.hash_info").HashInfo
        entries = tree.load(listing, hash_info("md5", digest))
        return self._count(sorted({str(found.value) for _, _, found in entries}))

    def _count(self, digests: list[str]) -> Location:
        absent = [digest for digest in digests if not self._cache.exists(digest)]
        remote = [] if self._remote is None or not absent else list(self._remote.oids_exist(absent))
        return Location(len(digests) - len(absent), len(remote), len(absent) - len(remote))
