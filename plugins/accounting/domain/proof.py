"""What a proof of the books can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """Which promise is broken: a balance that is not the sum of its entries, a journal that is not what was sealed,
    a number that is missing, a document whose figures are not those in the books."""

    BALANCE = "balance"
    SEAL = "seal"
    NUMBER = "number"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Finding:
    """`kept` is what stands in the books, `counted` what the entries say."""

    kind: FindingKind
    subject: str
    kept: str = ""
    counted: str = ""
