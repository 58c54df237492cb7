"""What a proof of the books can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from plugins.accounting.domain.journal import Document


class FindingKind(StrEnum):
    """Which promise is broken: a balance that is not the sum of its entries, a journal that is not what was sealed,
    a number that is missing, a document that is not in the books, or there with other figures."""

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


def not_booked(document: Document, because: str = "") -> Finding:
    return Finding(FindingKind.DOCUMENT, f"{document.kind} {document.id} {document.reference}", counted=because)


def document_in(finding: Finding) -> Document:
    """The document that a finding is about."""
    kind, id, reference = finding.subject.split(" ", 2)
    return Document(kind, UUID(id), reference)
