"""Files from the Hugging Face hub, in its cache on this machine (``HF_HUB_CACHE``, ``HF_HOME``)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["hub_address", "snapshot"]

_TIMEOUT_S = 20.0


def hub_address(repository: str, revision: str) -> str:
    """Return the page where the files of a repository can be seen and downloaded by hand."""
    return f"https://huggingface.co/{repository}/tree/{revision}"


def snapshot(
    repository: str, revision: str, *, files: Sequence[str], further: Sequence[str] = (), local: bool
) -> Path | None:
    """Return the folder in the hub's cache that holds files of a repository; None if one of them is missing.

    Args:
        repository: ``OWNER/NAME``.
        revision: commit, branch or tag.
        files: names of the files that are wanted.
        further: names of files that come along where the repository has them.
        local: look on this machine alone; otherwise what is not there yet is downloaded.

    Raises:
        OSError: if the hub cannot be reached, or has no such repository or revision.
    """
    import httpx
    from huggingface_hub import HfApi, snapshot_download

    try:
        if not local:  # this request has a time limit; the list of files, which snapshot_download asks for, has none
            HfApi().model_info(repository, revision=revision, timeout=_TIMEOUT_S)
        wanted = [*files, *further]
        folder = snapshot_download(repository, revision=revision, allow_patterns=wanted, local_files_only=local)
    except (httpx.HTTPError, OSError, ValueError) as error:
        if local:
            return None
        raise OSError(" ".join(str(error).split())[:200]) from error
    return Path(folder) if all((Path(folder) / name).is_file() for name in files) else None
