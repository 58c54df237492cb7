"""What every `Seal` does."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from adapters.seal import HmacSeal


@pytest.fixture(params=[HmacSeal])
def seal_of(request):
    return lambda key: request.param(SecretStr(key))


def test_two_processes_with_the_same_key_make_the_same_mark(seal_of):
    assert seal_of("a" * 32).sign("1|2") == seal_of("a" * 32).sign("1|2")


def test_another_text_or_another_key_makes_another_mark(seal_of):
    marks = {seal_of("a" * 32).sign("1|2"), seal_of("a" * 32).sign("1|3"), seal_of("b" * 32).sign("1|2")}
    assert len(marks) == 3
