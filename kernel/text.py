"""Typed text made safe to keep, to find again and to sort, in Persian as well as in English."""

from __future__ import annotations

import re
import unicodedata

from kernel.digits import latin
from kernel.i18n import _

ZWNJ = "\u200c"  #: Joins nothing: Persian spelling needs it («می‌شود»), so it stays in texts.

# Marks that reorder what follows them: with these a name can be made to read as another one.
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
_DROPPED = str.maketrans(dict.fromkeys(_BIDI_CONTROLS + _INVISIBLE))
_LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_REFUSED = frozenset(("Cc", "Cs", "Cn"))


def line(typed: str) -> str:
    """One line of text as it is kept: composed, trimmed, single spaces. Raises ValueError with a sentence."""
    return " ".join(_checked(_LINE_ENDS.sub(" ", typed).replace("\t", " ")).split())


def paragraph(typed: str) -> str:
    """Text of several lines as it is kept: line ends are `\\n`, no blanks at the ends of lines. Raises ValueError."""
    text = _checked(_LINE_ENDS.sub("\n", typed).replace("\t", " "))
    return "\n".join(one.rstrip() for one in text.split("\n")).strip()


def _checked(text: str) -> str:
    kept = unicodedata.normalize("NFC", text.translate(_DROPPED))
    # Most texts are printable as a whole; a look at each mark costs twenty times as much.
    if not kept.isprintable() and any(unicodedata.category(mark) in _REFUSED and mark != "\n" for mark in kept):
        raise ValueError(_("There are characters in this text that cannot be kept."))
    return kept.strip(" " + ZWNJ + "\n")


def keepable(said: str) -> str:
    """What came by no form, as a text of the database can hold it: no zero byte, `?` for half of a surrogate pair."""
    return said.replace("\x00", "").encode(errors="replace").decode()


def is_blank(typed: str) -> bool:
    """Nothing a person could see."""
    return not typed.translate(_DROPPED).strip(" \t\r\n\u00a0" + ZWNJ)


# The same letter typed on an Arabic and on a Persian keyboard.
_ONE_LETTER = str.maketrans(
    {"ي": "ی", "ى": "ی", "ئ": "ی", "ې": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه"}
    | {"ؤ": "و", "أ": "ا", "إ": "ا", "ٱ": "ا", "ـ": "", ZWNJ: " ", "\u200d": ""}
)


class _Bare(dict[int, int | None]):
    """For `str.translate`: without marks above and below letters, and controls. Asks about each character once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) in ("Mn", "Cc", "Cs") else code
        return self[code]


_BARE = _Bare()


def search_key(text: str) -> str:
    """What is stored and asked when people search: spelling, marks, case and digits no longer matter."""
    bare = unicodedata.normalize("NFKD", text.translate(_ONE_LETTER).translate(_DROPPED)).translate(_BARE)
    return " ".join(latin(bare.casefold()).translate(_ONE_LETTER).split())


_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
# Each letter takes the code point of its place in the alphabet, so that plain byte order (`COLLATE "C"`, which
# indexes under row-level security) puts پ after ب, گ after ک, and و before ه.
_PLACES = str.maketrans({letter: chr(0x0621 + place) for place, letter in enumerate(_ALPHABET)})
_FOR_SORTING = _ONE_LETTER | {ord(ZWNJ): None, ord("ء"): None}


def sort_key(text: str) -> str:
    """A text whose byte order is the order of the Persian and the English alphabet. For a column; never shown."""
    # Alef with madda is a letter of its own; every other mark above or below a letter is ignored.
    whole = unicodedata.normalize("NFC", text).translate(_DROPPED).translate(_FOR_SORTING)
    bare = "آ".join(unicodedata.normalize("NFKD", part).translate(_BARE) for part in whole.split("آ"))
    return " ".join(latin(bare.casefold()).translate(_PLACES).split())
