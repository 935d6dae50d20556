"""The settings of a server: its bounds, and who may use it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from emotts.errors import ConfigError
from emotts.serving.api.settings import ServeSettings


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"host": "localhost"},
        {"host": "::1"},
        {"host": "0.0.0.0", "api_key": "a long secret"},
        {"host": "0.0.0.0", "open_to_all": True},
    ],
)
def test_loopback_a_key_or_consent_is_enough(values: dict[str, Any]) -> None:
    ServeSettings.from_dict(values).check_exposure()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.2", "127.0.0.1.example.org"])
def test_other_addresses_need_one_of_them(host: str) -> None:
    with pytest.raises(ConfigError, match=rf"could use the API\n  found: --host {host} without a key"):
        ServeSettings.from_dict({"host": host}).check_exposure()


def test_the_key_is_not_shown() -> None:
    assert "a long secret" not in repr(ServeSettings.from_dict({"api_key": "a long secret"}))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"workers": 0}, "workers = 0: Input should be greater than or equal to 1"),
        ({"port": 70_000}, "port = 70000: Input should be less than or equal to 65535"),
        ({"block_s": 0.0}, "block_s = 0.0: Input should be greater than or equal to 0.05"),
    ],
)
def test_bounds_have_bounds(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ServeSettings.from_dict(values)


def test_workers_share_the_cores() -> None:
    cores = os.cpu_count() or 1
    assert ServeSettings.from_dict({"workers": 1}).threads == cores
    assert ServeSettings.from_dict({"workers": 64}).threads == max(1, cores // 64)
