"""What becomes of a logo that somebody uploads."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from adapters.pictures.pillow import PillowPictures
from plugins.shop.domain.logo import NotAPicture, PictureTooLarge


@pytest.fixture(params=[PillowPictures], scope="module")
def pictures(request):
    return request.param()


def written(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(drawn, kind, **options)
    return drawn.getvalue()


def opened(picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "RGB"), ("JPEG", "CMYK"),
     ("WEBP", "RGB"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_every_kind_of_picture_is_drawn_anew(pictures, kind, mode):
    made = pictures.logo(written(kind, mode))
    assert (made.width, made.height, made.media_type) == (60, 40, "image/png")
    assert opened(made).mode in ("RGB", "RGBA")


def test_what_is_transparent_stays_so(pictures):
    clear = io.BytesIO()
    Image.new("RGBA", (900, 900), (0, 0, 0, 0)).save(clear, "PNG")
    corner = opened(pictures.logo(clear.getvalue())).getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert corner[3] == 0


def test_it_is_small_enough_for_every_receipt(pictures):
    photograph = pictures.logo(written("JPEG", size=(3000, 2000)))
    assert (photograph.media_type, photograph.width, photograph.height) == ("image/jpeg", 750, 500)
    see_through = pictures.logo(written("PNG", "RGBA", size=(2000, 500)))
    assert (see_through.media_type, see_through.width, see_through.height) == ("image/png", 800, 200)


def test_nothing_of_the_file_is_left_but_what_one_sees(pictures):
    exif = Image.Exif()
    exif[0x010E] = "where the owner lives"
    made = pictures.logo(written("JPEG", exif=exif, comment=b"secret") + b"<?php hidden ?>")
    assert [word for word in (b"owner", b"secret", b"php") if word in made.content] == []
    assert (dict(opened(made).getexif()), "exif" in opened(made).info) == ({}, False)


def test_a_camera_held_sideways_is_turned(pictures):
    exif = Image.Exif()
    exif[0x0112] = 6
    made = pictures.logo(written("JPEG", exif=exif))
    assert (made.width, made.height) == (40, 60)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    content = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(50_000, 50_000), (7_000, 7_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(pictures, size):
    with pytest.raises(PictureTooLarge):
        pictures.logo(bomb(*size))


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(40), b"%PDF-1.7",
     written("PNG")[:200], written("JPEG")[:300], written("WEBP")[:80], written("BMP"), written("TIFF")],
)  # fmt: skip
def test_what_is_no_picture_of_the_three_kinds_is_refused(pictures, content):
    with pytest.raises(NotAPicture):
        pictures.logo(content)


def test_the_same_picture_is_the_same_file(pictures):
    uploaded = written("WEBP", "RGBA", size=(1200, 700), lossless=True)
    assert pictures.logo(uploaded) == pictures.logo(uploaded)
