"""What an item is found by: the words of its name and the codes on it, as a person types them at the counter."""

from __future__ import annotations

import re

from kernel.text import search_key

MOST_WORDS = 6  #: Of what is asked; a seventh narrows nothing any more.
LONGEST_WORD = 60

_PART = re.compile(r"[^\W_]+")


def words_of(*texts: str) -> str:
    """The words of these texts, each once, with a blank before and after each: ` ring r1042 r 1042 `.

    `R-1042` is found by its parts and as one word, whatever stands between them.
    """
    found: dict[str, None] = {}
    for token in search_key(" ".join(texts)).split():
        parts = _PART.findall(token)
        if len(parts) > 1:
            found["".join(parts)[:LONGEST_WORD]] = None
        found.update(dict.fromkeys(part[:LONGEST_WORD] for part in parts))
    return f" {' '.join(found)} " if found else " "


def asked_for(typed: str) -> tuple[str, ...]:
    """The beginnings of words that an item must have, all of them. Empty when nothing was typed that could be found."""
    wanted: dict[str, None] = {}
    for token in search_key(typed).split():
        parts = _PART.findall(token)
        # `r-10` is the beginning of a code; `gold/ring` are two words.
        is_code = len(parts) > 1 and any(mark.isdigit() for mark in token)
        wanted.update(dict.fromkeys(part[:LONGEST_WORD] for part in (["".join(parts)] if is_code else parts)))
    return tuple(wanted)[:MOST_WORDS]
