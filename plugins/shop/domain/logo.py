"""A shop's logo."""

from __future__ import annotations

from dataclasses import dataclass, field

from kernel.errors import BadInput
from kernel.i18n import _

MEGABYTES_MAX = 5
MEGAPIXELS_MAX = 40


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we made ourselves: nothing of the file that was uploaded is left but what one sees."""

    media_type: str
    width: int
    height: int
    content: bytes = field(repr=False)


class NotAPicture(BadInput):
    def __init__(self) -> None:
        super().__init__({"logo": _("This is not a picture that can be read. Please choose a PNG, JPEG or WebP file.")})


class PictureTooLarge(BadInput):
    def __init__(self) -> None:
        sentence = _("At most {megabytes} MB and {megapixels} million pixels, please.")
        super().__init__({"logo": sentence.format(megabytes=MEGABYTES_MAX, megapixels=MEGAPIXELS_MAX)})
