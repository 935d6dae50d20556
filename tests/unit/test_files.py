"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from emotts.files import replacing


def test_the_file_appears_at_the_end_of_the_block(tmp_path: Path) -> None:
    path = tmp_path / "new" / "list.txt"
    with replacing(path) as temporary:
        temporary.write_text("one", encoding="utf-8")
        assert not path.exists()
        assert temporary.parent == path.parent
    assert path.read_text(encoding="utf-8") == "one"
    assert list(path.parent.iterdir()) == [path]


def write_half(path: Path, error: type[BaseException]) -> None:
    with replacing(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_block_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "list.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(error):
        write_half(path, error)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "list.txt"):
        pass
    assert list(tmp_path.iterdir()) == []
