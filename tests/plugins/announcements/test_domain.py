"""What an announcement is, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.catalogues import FOLDER
from kernel import i18n
from kernel.i18n import speaking
from kernel.ids import new_id
from plugins.announcements.domain import (
    Announcement,
    NoChannel,
    NotADraft,
    OverAlready,
    Post,
    Severity,
    Stage,
    Targets,
    Template,
    Words,
)
from plugins.announcements.pages.shown import named

NOW = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

DRAFT = Announcement(
    id=new_id(),
    severity=Severity.INFO,
    words={"en": Words("Title", "Text"), "fa": Words("عنوان", "متن")},
    begins_at=None,
    ends_at=None,
    zone="UTC",
    targets=Targets(),
    in_app=True,
    post=Post.NOBODY,
    created_at=NOW,
    created_by="Ada",
    published_at=None,
    published_by=None,
    withdrawn_at=None,
    withdrawn_by=None,
    withdrawn_because=None,
)
OUT = replace(DRAFT, published_at=NOW, published_by="Ada", begins_at=NOW)


@pytest.mark.parametrize(
    ("announcement", "stage"),
    [
        (DRAFT, Stage.DRAFT),
        (replace(OUT, begins_at=NOW + HOUR), Stage.SCHEDULED),
        (OUT, Stage.LIVE),
        (replace(OUT, ends_at=NOW + HOUR), Stage.LIVE),
        (replace(OUT, begins_at=NOW - 2 * HOUR, ends_at=NOW), Stage.ENDED),
        (replace(OUT, withdrawn_at=NOW, withdrawn_by="Ada", withdrawn_because="wrong"), Stage.WITHDRAWN),
    ],
)
def test_its_times_say_where_it_stands(announcement, stage):
    assert announcement.stage(NOW) is stage


def test_a_draft_is_published_once_with_an_end_to_come_and_a_way_to_people():
    DRAFT.check_publishable(NOW)
    with pytest.raises(NotADraft):
        OUT.check_publishable(NOW)
    with pytest.raises(OverAlready):
        replace(DRAFT, ends_at=NOW).check_publishable(NOW)
    with pytest.raises(NoChannel):
        replace(DRAFT, in_app=False).check_publishable(NOW)
    replace(DRAFT, in_app=False, post=Post.OWNERS).check_publishable(NOW)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\n\nTwo\nlines.", [[("One.", False)], [("Two lines.", False)]]),
        ("At https://a.ir/a?b=1, now", [[("At ", False), ("https://a.ir/a?b=1", True), (", now", False)]]),
        ("(http://example.com)", [[("(", False), ("http://example.com", True), (")", False)]]),
        ("به https://a.ir/راه؟ بروید", [[("به ", False), ("https://a.ir/راه", True), ("؟ بروید", False)]]),
        ("javascript:alert(1) <b>no</b>", [[("javascript:alert(1) <b>no</b>", False)]]),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_paragraphs_and_links_and_nothing_else(text, paragraphs):
    assert Words("", text).paragraphs == paragraphs


@pytest.mark.parametrize(
    ("text", "has_gaps"),
    [
        ("On … from … to …", True),
        ("…", True),
        ("New: …", True),
        ("One moment…", False),
        ("کمی صبر کنید…", False),
        ("", False),
    ],
)
def test_a_gap_of_a_template_stands_by_itself(text, has_gaps):
    assert (Words(text, "").has_gaps, Words("", text).has_gaps) == (has_gaps, has_gaps)


def test_the_templates_of_the_house_have_a_name_in_each_language_and_others_keep_theirs():
    i18n.add_locale_dir(FOLDER)
    first, other = (Template(new_id(), name, Severity.INFO, {}) for name in ("New feature", "Stock"))
    with speaking("fa"):
        assert (named(first).name, named(other).name) == ("امکان تازه", "Stock")
    with speaking("en"):
        assert (named(first).name, named(other).name) == ("New feature", "Stock")
