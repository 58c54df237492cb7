"""What an app reads with a camera."""

from __future__ import annotations


def qr_code(address: str) -> str:
    """A picture as the address of an image: it needs no file, and no other page can ask for it."""
    import segno  # asked for by few, and slow to load

    # On white with a margin, whatever the page's look: cameras want both.
    drawn: str = segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff")
    return drawn
