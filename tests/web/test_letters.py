"""Letters: as text and as HTML, in the language of who gets them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from adapters.site import ConfiguredSite
from kernel.plugins import Plugins
from web.letters import letter
from web.view import View

TEXT = """{% extends "mail.txt" %}
{% block title %}Welcome to {{ view.shop }},
 {{ name }}{% endblock %}
{% block content %}
Hello {{ name }}.
Your rate: {{ 3|number }}
{% endblock %}
"""
HTML = (
    '{% extends "mail.html" %}{% block title %}Welcome{% endblock %}{% block content %}<p>{{ name }}</p>{% endblock %}'
)


@pytest.fixture
def plugins(tmp_path: Path) -> Plugins:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "welcome.txt").write_text(TEXT)
    (tmp_path / "templates" / "welcome.html").write_text(HTML)
    return SimpleNamespace(by_name={"some": SimpleNamespace(folder=tmp_path)})  # type: ignore[return-value]


def test_a_letter_has_its_title_as_subject_and_says_the_same_twice(plugins: Plugins):
    written = letter(plugins, "welcome", "sara@example.com", View(language="fa", shop="زرین"), name="Sara & Co")
    assert written.to == "sara@example.com"
    assert written.subject == "Welcome to زرین, Sara & Co"
    assert written.text == "Welcome to زرین,\n Sara & Co\n\nHello Sara & Co.\nYour rate: ۳\n\n-- \nزرین"
    assert '<html lang="fa" dir="rtl">' in written.html
    assert "<p>Sara &amp; Co</p>" in written.html


@pytest.mark.parametrize(
    ("secure", "whole"), [(True, "https://gold.example/login"), (False, "http://gold.example/login")]
)
def test_a_link_in_a_letter_leads_to_this_installation(secure: bool, whole: str):
    assert ConfiguredSite("gold.example", secure, sends_mail=True).at("/login") == whole
