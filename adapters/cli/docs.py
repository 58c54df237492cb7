"""`goldsmith docs`: make the pages of docs/reference anew from the code."""

from __future__ import annotations

import sys

import click


@click.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is not what the code says.")
def command(check: bool) -> None:
    """Make the reference pages anew from the code."""
    from adapters.config import HOUSE
    from adapters.container import all_plugins
    from adapters.reference import pages

    folder = HOUSE / "docs" / "reference"
    stale = [
        name
        for name, content in pages(all_plugins()).items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != content
    ]
    if check:
        if stale:
            click.echo(f"Stale: {', '.join(stale)}. Run `goldsmith docs`.", err=True)
            sys.exit(1)
        return
    for name, content in pages(all_plugins()).items():
        (folder / name).write_text(content, encoding="utf-8")
        click.echo(f"docs/reference/{name}")
