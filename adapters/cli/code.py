"""`goldsmith code`: what the phone of the demo's administrator would show."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click
import pyotp

from adapters.launcher.running import FILE, demo_folder
from kernel.i18n import _


@click.command("code")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the demo, if it was started with one.",
    envvar="DATA_DIR",
)
def command(data_dir: Path | None) -> None:
    """Tell the code that the administrator of the demo here is asked for."""
    file = (data_dir or demo_folder()).expanduser().absolute() / FILE
    if not file.exists():
        said = _("No demo runs in {folder}. If yours has another folder, name it with --data-dir.")
        raise click.ClickException(said.format(folder=file.parent))
    for login in json.loads(file.read_text())["logins"]:
        if login.get("app"):
            app = pyotp.TOTP(login["app"])
            left = app.interval - int(time.time()) % app.interval
            click.echo(f"{app.now()}  {_('for {left} s; each opens once').format(left=left)}")
