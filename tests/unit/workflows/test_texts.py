"""The front end of a project: its lexicon wins, and corpus.on_unknown decides about what cannot be read."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import TextError
from emotts.settings import Params, load_params
from emotts.workflows.texts import project_reader

ORIGINAL = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")


def params_of(root: Path, mode: str) -> Params:
    shutil.copy(REPOSITORY / "lexicon.tsv", root)
    (root / "params.yaml").write_text(ORIGINAL.replace("on_unknown: read", f"on_unknown: {mode}"), encoding="utf-8")
    return load_params(root / "params.yaml")


def test_a_word_without_a_reading_is_left_out_and_named(tmp_path: Path) -> None:
    read = project_reader(params_of(tmp_path, "read"), root=tmp_path).read("우리 Жя 가자.")
    assert (read.normalised_text, read.left_out) == ("우리 가자.", ("Жя",))


@pytest.mark.parametrize("mode", ["error", "skip"])
def test_or_refuses_the_text(tmp_path: Path, mode: str) -> None:
    with pytest.raises(TextError, match="cannot be read"):
        project_reader(params_of(tmp_path, mode), root=tmp_path).read("우리 Жя 가자.")


def test_the_lexicon_wins(tmp_path: Path) -> None:
    params = params_of(tmp_path, "error")
    (tmp_path / "lexicon.tsv").write_text("Жя\t쟈\n", encoding="utf-8")
    read = project_reader(params, root=tmp_path).read("우리 Жя 가자.")
    assert (read.normalised_text, read.left_out) == ("우리 쟈 가자.", ())


def test_a_line_of_the_lexicon_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    params = params_of(tmp_path, "read")
    (tmp_path / "lexicon.tsv").write_text("# words\nЖя\tzha\n", encoding="utf-8")
    with pytest.raises(TextError, match=r"lexicon.tsv:2: reading of 'Жя' cannot be used(?s:.*)wanted: Hangul"):
        project_reader(params, root=tmp_path)


def test_the_lexicon_is_that_of_the_projects_language(tmp_path: Path) -> None:
    params = params_of(tmp_path, "read")
    (tmp_path / "lexicon.tsv").write_text("hello\t헬로\n", encoding="utf-8")
    assert project_reader(params, root=tmp_path, language="EN").read("hello").normalised_text == "hello"


def test_a_reader_that_has_read_goes_to_another_process_without_its_dictionaries(tmp_path: Path) -> None:
    reader = project_reader(params_of(tmp_path, "error"), root=tmp_path)
    read = reader.read("우리 가자.")
    sent = pickle.dumps(reader)
    assert len(sent) < 1000
    assert pickle.loads(sent).read("우리 가자.") == read
