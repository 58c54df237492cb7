"""`goldsmith translate`: bring the catalogues of texts in step with the code."""

from __future__ import annotations

import sys

import click


@click.command("translate")
@click.option("--check", is_flag=True, help="Write nothing; fail when a catalogue is not what the code says.")
def command(check: bool) -> None:
    """Bring the catalogues of texts in step with the code, and compile them."""
    from adapters import catalogues

    made = catalogues.files()
    stale = [file for file, content in made.items() if not file.exists() or file.read_bytes() != content]
    if check and stale:
        click.echo("The catalogues are not what the code says. Run `goldsmith translate`.", err=True)
        sys.exit(1)
    for file in stale:
        file.write_bytes(made[file])
        click.echo(file.relative_to(catalogues.FOLDER.parent))
    for language in catalogues.languages():
        known = list(catalogues.texts(catalogues.translations(language)))
        missing = [message for message in known if not message.string or not all(message.string)]
        click.echo(f"{language}: {len(known) - len(missing)} of {len(known)} texts are translated.")
        for message in missing:
            click.echo(f"  {message.id!r}")
