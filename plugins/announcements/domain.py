"""Announcements: what is said to whom, from when to when, and how far it came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.i18n import _

#: The languages an announcement is written in.
LANGUAGES = ("en", "fa")

#: What stands in templates where a day or a name belongs, by itself; at the end of a word it is what somebody wrote.
_GAP = re.compile(r"(?<!\S)…")

_LINK = re.compile(r"https?://[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?()،؛؟]")


class Severity(StrEnum):
    """Critical ones stay on top of every page until each person has acknowledged them."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Post(StrEnum):
    """Who gets a letter, too."""

    NOBODY = "nobody"
    OWNERS = "owners"
    EVERYBODY = "everybody"


class Stage(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language: plain text, with empty lines between its paragraphs."""

    title: str
    text: str

    @property
    def has_gaps(self) -> bool:
        return bool(_GAP.search(self.title) or _GAP.search(self.text))

    @property
    def paragraphs(self) -> list[list[tuple[str, bool]]]:
        """Each as pieces of text, and whether the piece is a link."""
        return [_pieces(" ".join(part.split())) for part in re.split(r"\n\s*\n", self.text) if part.strip()]


def _pieces(paragraph: str) -> list[tuple[str, bool]]:
    pieces, end = [], 0
    for link in _LINK.finditer(paragraph):
        pieces += [(paragraph[end : link.start()], False), (link[0], True)]
        end = link.end()
    return [piece for piece in (*pieces, (paragraph[end:], False)) if piece[0]]


@dataclass(frozen=True, slots=True)
class Targets:
    """Whom it concerns: shops that are in every list that is not empty. All lists empty: every shop."""

    plans: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    shops: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement as the shop it concerns knows it."""

    id: UUID
    severity: Severity
    words: Mapping[str, Words]
    begins_at: datetime
    ends_at: datetime | None
    in_app: bool
    post: Post

    def is_live(self, now: datetime) -> bool:
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)

    def in_language(self, language: str) -> Words:
        return self.words.get(language) or self.words[LANGUAGES[0]]


@dataclass(frozen=True, slots=True)
class Announcement:
    """As the platform's people know it. Without `begins_at` it begins when it is published."""

    id: UUID
    severity: Severity
    words: Mapping[str, Words]
    begins_at: datetime | None
    ends_at: datetime | None
    zone: str
    targets: Targets
    in_app: bool
    post: Post
    created_at: datetime
    created_by: str
    published_at: datetime | None
    published_by: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_because: str | None

    def stage(self, now: datetime) -> Stage:
        if self.withdrawn_at is not None:
            return Stage.WITHDRAWN
        if self.published_at is None:
            return Stage.DRAFT
        if self.begins_at is not None and now < self.begins_at:
            return Stage.SCHEDULED
        return Stage.ENDED if self.ends_at is not None and self.ends_at <= now else Stage.LIVE

    @property
    def has_gaps(self) -> bool:
        return any(words.has_gaps for words in self.words.values())

    def check_publishable(self, now: datetime) -> None:
        """Raises NotADraft, StillHasGaps, OverAlready or NoChannel."""
        if self.stage(now) is not Stage.DRAFT:
            raise NotADraft
        if self.has_gaps:
            raise StillHasGaps
        if self.ends_at is not None and self.ends_at <= now:
            raise OverAlready
        if not self.in_app and self.post is Post.NOBODY:
            raise NoChannel


@dataclass(frozen=True, slots=True)
class Template:
    """A text to begin from."""

    id: UUID
    name: str
    severity: Severity
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Read:
    """What one person did with an announcement. Nothing of both: it is new to them."""

    seen: bool = False
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an announcement came: in one shop, or in all together."""

    concerned: int = 0
    shops_seen: int = 0
    seen: int = 0
    acknowledged: int = 0
    letters: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def open(self) -> int:
        """Letters on their way; and those of which nobody knows whether they left, because the worker died."""
        return self.letters - self.sent - self.failed


class NoSuchAnnouncement(NotFound):
    def __init__(self) -> None:
        super().__init__(_("There is no such announcement."))


class NotADraft(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This is published already. Withdraw it and write a new one."))


class NotPublished(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Only what is published can be withdrawn."))


class StillHasGaps(RuleBroken):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Somewhere in the text “…” still stands where a day or a name belongs. "
                "Please fill it in before publishing."
            )
        )


class OverAlready(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Its time is over already. Please choose a later end."))


class EndsBeforeItBegins(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("It ends before it begins."))


class NoChannel(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Please choose how it is told: on their pages, by e-mail, or both."))


class NoSuchShops(RuleBroken):
    def __init__(self, unknown: str) -> None:
        super().__init__(_("There is no shop with this address: {unknown}").format(unknown=unknown))
