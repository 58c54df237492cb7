"""Announcements in words."""

from __future__ import annotations

from kernel.i18n import N_
from kernel.tenancy import ShopState
from plugins.announcements.domain import Post, Severity, Stage

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
STATES = {
    ShopState.TRIAL: N_("On trial"),
    ShopState.ACTIVE: N_("Active"),
    ShopState.PAST_DUE: N_("Past due"),
    ShopState.SUSPENDED: N_("Suspended"),
}
