"""Announcements in words."""

from __future__ import annotations

from dataclasses import replace

from kernel.i18n import N_, _
from plugins.announcements.domain import Post, Severity, Stage, Template
from plugins.tenants import public as tenants

#: Words, kind of badge and notice, icon.
SEVERITIES = {
    Severity.INFO: (N_("Information"), "info", "info"),
    Severity.WARNING: (N_("Warning"), "warn", "triangle-alert"),
    Severity.CRITICAL: (N_("Critical"), "bad", "shield-alert"),
}

STAGES = {
    Stage.DRAFT: (N_("Draft"), ""),
    Stage.SCHEDULED: (N_("Scheduled"), "info"),
    Stage.LIVE: (N_("Live"), "ok"),
    Stage.ENDED: (N_("Ended"), ""),
    Stage.WITHDRAWN: (N_("Withdrawn"), "warn"),
}

POSTS = {
    Post.NOBODY: N_("No e-mail"),
    Post.OWNERS: N_("To the owners"),
    Post.EVERYBODY: N_("To everybody in the shop"),
}

#: Of shops whose people can sign in.
STATES = {state: words for state, words in tenants.STATES.items() if state.allows.sign_in}

#: Names of the templates that every installation begins with; the others are called as somebody called them.
FIRST_TEMPLATES = (N_("Maintenance"), N_("New feature"), N_("Price change"))


def named(template: Template) -> Template:
    """As the reader's language calls it."""
    return replace(template, name=_(template.name)) if template.name in FIRST_TEMPLATES else template
