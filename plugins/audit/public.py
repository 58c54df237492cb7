"""What others may say about the trail."""

from __future__ import annotations

from plugins.audit.domain.words import action_words, actor_words, outcome_words

__all__ = ["action_words", "actor_words", "outcome_words"]
