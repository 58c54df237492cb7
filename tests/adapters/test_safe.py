"""What every `Safe` does."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from adapters.safe import AesSafe
from kernel.safe import WrongKey


@pytest.fixture(params=[AesSafe])
def safe_of(request):
    return lambda key: request.param(SecretStr(key))


def test_what_one_process_locks_another_opens(safe_of):
    locked = safe_of("a" * 32).lock(b"a seed", "app of Sara")
    assert b"seed" not in locked
    assert safe_of("a" * 32).unlock(locked, "app of Sara") == b"a seed"


def test_the_same_is_never_locked_twice_alike(safe_of):
    safe = safe_of("a" * 32)
    assert safe.lock(b"a seed", "app of Sara") != safe.lock(b"a seed", "app of Sara")


def test_another_key_another_purpose_and_a_changed_byte_open_nothing(safe_of):
    safe = safe_of("a" * 32)
    locked = safe.lock(b"a seed", "app of Sara")
    changed = locked[:-1] + bytes([locked[-1] ^ 1])
    for strange, content, about in (
        (safe_of("b" * 32), locked, "app of Sara"),
        (safe, locked, "app of Reza"),
        (safe, changed, "app of Sara"),
        (safe, b"\x02" + locked[1:], "app of Sara"),
        (safe, locked[:9], "app of Sara"),
        (safe, b"", "app of Sara"),
    ):
        with pytest.raises(WrongKey):
            strange.unlock(content, about)
