"""Addresses are shown without their passwords."""

from __future__ import annotations

import pytest

from emotts.addresses import shown_address, without_password


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://emotts:s3cret@host:5432/mlflow", "postgresql://emotts:***@host:5432/mlflow"),
        ("postgresql+psycopg://emotts:s3cret@host/mlflow", "postgresql+psycopg://emotts:***@host/mlflow"),
        ("https://me:s3cret@mlflow.example.org/team/", "https://me:***@mlflow.example.org/team/"),
        ("postgresql://emotts:s3:cr@et@host/mlflow", "postgresql://emotts:***@host/mlflow"),
        ("postgresql://emotts:s3/cr?et@host/mlflow", "postgresql://emotts:***@host/mlflow"),
        ("postgresql://emotts:s3#cret@host/mlflow", "postgresql://emotts:***@host/mlflow"),
        ("postgresql://host/mlflow?user=me&password=s3cret", "postgresql://host/mlflow?user=me&password=***"),
        ("postgresql://host/mlflow?connect_timeout=3", "postgresql://host/mlflow?connect_timeout=3"),
        ("postgresql://emotts@host/mlflow", "postgresql://emotts@host/mlflow"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("sqlite:////home/a:b@c/mlruns.db", "sqlite:////home/a:b@c/mlruns.db"),
        ("git@github.com:emotts/emotts.git", "git@github.com:emotts/emotts.git"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_an_address_as_it_is_shown(address: str, shown: str) -> None:
    assert shown_address(address) == shown
    assert "cret" not in shown


def test_a_message_that_repeats_the_address_or_the_password() -> None:
    address = "postgresql://emotts:s3cret@host/mlflow"
    said = f"cannot connect to {address}: s3cret is wrong for emotts"
    assert without_password(said, address) == (
        "cannot connect to postgresql://emotts:***@host/mlflow: *** is wrong for emotts"
    )
    assert without_password(ValueError("host"), "postgresql://host/mlflow") == "host"
