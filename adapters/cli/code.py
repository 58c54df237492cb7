"""`goldsmith code`: what the phone of the demo's administrator would show."""

from __future__ import annotations

import json
import time

import click
import pyotp

from adapters.launcher.running import FILE, demo_folder
from kernel.i18n import _


@click.command("code")
def command() -> None:
    """Tell the code that the administrator of the demo here is asked for."""
    file = demo_folder() / FILE
    if not file.exists():
        raise click.ClickException(
            _("No demo runs in {folder}: start one with `goldsmith demo`.").format(folder=file.parent)
        )
    for login in json.loads(file.read_text())["logins"]:
        if login.get("app"):
            app = pyotp.TOTP(login["app"])
            left = app.interval - int(time.time()) % app.interval
            click.echo(f"{app.now()}  {_('for {left} s; each opens once').format(left=left)}")
