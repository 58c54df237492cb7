"""The same change sent twice is made once: the second time it gets the first one's answer."""

from __future__ import annotations

import hmac

from kernel.contributions import KeptAnswer
from kernel.uow import UnitOfWork, refusing
from plugins.programs import queries, store
from plugins.programs.domain.repeat import BODY_BYTES_MAX, DoneBefore, KeyUsedOtherwise, UnderWay


def kept(uow: UnitOfWork, key: str, said: bytes) -> KeptAnswer | None:
    """What the person at hand was answered to this key. Raises KeyUsedOtherwise, UnderWay, DoneBefore."""
    found = queries.answer(uow, key)
    if found.said is None:
        if not found.is_mine:
            raise UnderWay
        return None
    if not hmac.compare_digest(found.said, said):
        raise KeyUsedOtherwise
    if found.body is None:
        raise DoneBefore
    return KeptAnswer(found.status, found.body)


def keep(uow: UnitOfWork, key: str, said: bytes, answer: KeptAnswer) -> None:
    """Commits with the change, or not at all. Raises UnderWay."""
    body = answer.body if len(answer.body) <= BODY_BYTES_MAX else None
    # Whoever looked before the other committed, and locked after, finds out here: then nothing is done twice either.
    with refusing("kept_answers_pkey", UnderWay):
        store.keep_answer(uow, key, said, answer.status, body)
