"""Pictures by Pillow. What was uploaded is decoded and drawn anew: no metadata, no hidden parts, no surprises."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from plugins.shop.domain.logo import MEGAPIXELS_MAX, NotAPicture, Picture, PictureTooLarge

if TYPE_CHECKING:
    from PIL.Image import Image

#: 70 mm at 300 dots an inch: as wide as a logo gets on any of our papers.
WIDEST, HIGHEST = 800, 500
#: A drawing is smallest as PNG; above this it is a photograph.
DRAWING_BYTES = 60_000
FORMATS = ("PNG", "JPEG", "WEBP")


class PillowPictures:
    """The library loads with the first picture: a process that sees none is 10 MB smaller."""

    def logo(self, uploaded: bytes) -> Picture:
        from PIL import Image, ImageOps

        # Its own guard only warns up to twice this; ours is asked before anything is unpacked.
        Image.MAX_IMAGE_PIXELS = MEGAPIXELS_MAX * 1_000_000
        try:
            opened = Image.open(io.BytesIO(uploaded), formats=FORMATS)
            if opened.width * opened.height > MEGAPIXELS_MAX * 1_000_000:
                raise PictureTooLarge
            # Half the work for a photograph: JPEG can be read at a fraction of its size.
            opened.draft("RGB", (2 * WIDEST, 2 * HIGHEST))
            drawn = ImageOps.exif_transpose(opened).convert("RGBA" if opened.has_transparency_data else "RGB")
            drawn.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
        except PictureTooLarge:
            raise
        except Image.DecompressionBombError:
            raise PictureTooLarge from None
        # A broken file breaks its decoder in as many ways as there are decoders.
        except Exception as broken:
            raise NotAPicture from broken
        return _written(drawn)


def _written(drawn: Image) -> Picture:
    media_type, content = "image/png", _saved(drawn, "PNG", optimize=True)
    if len(content) > DRAWING_BYTES:
        if drawn.mode == "RGB":
            media_type, content = "image/jpeg", _saved(drawn, "JPEG", quality=88, optimize=True)
        else:
            content = _saved(drawn.quantize(256), "PNG", optimize=True)
    return Picture(media_type, drawn.width, drawn.height, content)


def _saved(drawn: Image, kind: str, **options: int) -> bytes:
    # A picture without the one it came from: Pillow carries over colour profiles and comments.
    drawn.info = {}
    written = io.BytesIO()
    drawn.save(written, kind, **options)
    return written.getvalue()
