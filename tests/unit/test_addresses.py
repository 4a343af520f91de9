"""Tries are counted by what one subscriber has."""

from __future__ import annotations

import pytest

from chat.addresses import counted


@pytest.mark.parametrize(
    ("address", "as_what"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("no: address", "no: address"),
        ("x" * 500, "x" * 64),
        (":" * 500, ":" * 64),
    ],
)
def test_as_what_an_address_is_counted(address: str, as_what: str) -> None:
    assert counted(address) == as_what
