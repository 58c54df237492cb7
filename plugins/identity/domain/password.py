"""Which passwords are taken (SPEC ID2): what an attacker would try first is not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from kernel.errors import BadInput
from kernel.i18n import _

LENGTH_MIN = 12
#: Nothing is cut off; a longer one is refused, so that hashing it cannot be made to cost for ever.
LENGTH_MAX = 200
#: So many letters and digits must be left when the person's own words are taken out.
LEFT_MIN = 8
DISTINCT_MIN = 5


class WeakPassword(BadInput):
    def __init__(self, sentence: str) -> None:
        super().__init__({"password": sentence})


def check_password(password: str, own: Iterable[str]) -> None:
    """Raises WeakPassword. `own` is what others know of the person: name, e-mail address, shop."""
    folded = password.casefold()
    if len(password) < LENGTH_MIN:
        raise WeakPassword(_("At least {length} characters, please.").format(length=LENGTH_MIN))
    if password.isdigit():
        raise WeakPassword(_("Digits alone are quickly guessed: add some words."))
    if len(set(folded)) < DISTINCT_MIN:
        raise WeakPassword(_("These are too few different characters."))
    if _is_common(folded):
        raise WeakPassword(_("Many people use this password, so it is tried first. Please choose another."))
    if _is_like(folded, own):
        raise WeakPassword(_("This is too much like your own name, address or shop."))


def _is_common(folded: str) -> bool:
    """A common password, also with digits or signs around it, and also said twice."""
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    return any(word in _common() for word in (folded, bare, _period(folded), _period(bare)))


def _period(text: str) -> str:
    """What `text` is a repetition of; `text` itself where it repeats nothing."""
    return text[: (text + text).find(text, 1)] if text else text


def _is_like(folded: str, own: Iterable[str]) -> bool:
    words = {word for known in own for word in re.split(r"[\W_]+", known.casefold()) if len(word) >= 4}
    left = folded
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != folded and len(re.sub(r"[\W_]+", "", left)) < LEFT_MIN


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """What leaked most: Django's list (BSD) of those that are long, and of bases of long ones; and the 5,000 most
    frequent that are long enough here, of the ten million in OWASP's SecLists (CC BY-SA 3.0)."""
    folder = files(__package__)
    lists = ("common_passwords.txt", "long_common_passwords.txt")
    return frozenset(word for name in lists for word in folder.joinpath(name).read_text(encoding="utf-8").split())
