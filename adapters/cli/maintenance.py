"""`goldsmith maintenance`: nobody is let in for a while, and everybody is told until when."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import click

from adapters.cli.installation import installation, operator
from kernel import maintenance
from kernel.i18n import _


class Moment(click.ParamType[datetime]):
    """`14:30` is the next one by this machine's clock; `2026-03-20 14:30` is that; `45` is in so many minutes."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        now = datetime.now().astimezone()
        if re.fullmatch(r"\d{1,4}", value, re.ASCII):
            return now + timedelta(minutes=int(value))
        try:
            if clock := re.fullmatch(r"(\d{1,2}):(\d{2})", value, re.ASCII):
                at = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
                return at if at > now else at + timedelta(days=1)
            return datetime.fromisoformat(value).astimezone()
        except ValueError:
            self.fail(_("Say when as 14:30, as 2026-03-20 14:30, or as minutes from now."), param, ctx)


@click.group("maintenance")
def command() -> None:
    """Close and open the whole installation."""


@command.command("on")
@click.option("--until", type=Moment(), required=True, help="When it is expected to end, such as 14:30.")
@click.option("--because", default="", help="A sentence for everybody who waits.")
def begin(until: datetime, because: str) -> None:
    """Let nobody in from now on, and say so on every page."""
    with installation() as house, house.database.for_platform("begin maintenance", operator()) as work:
        maintenance.begin(work, until, because)
    click.echo(
        _("Closed until {until}. `goldsmith maintenance off` opens again.").format(until=f"{until:%Y-%m-%d %H:%M}")
    )


@command.command("off")
def end() -> None:
    """Let everybody in again."""
    with installation() as house, house.database.for_platform("end maintenance", operator()) as work:
        was_closed = maintenance.end(work)
    click.echo(_("Open again.") if was_closed else _("It was open already."))


@command.command("status")
def show() -> None:
    """Say whether the installation is closed, and since when."""
    with (
        installation() as house,
        house.database.for_platform("look for maintenance", operator(), read_only=True) as work,
    ):
        now = maintenance.current(work)
    if now is None:
        click.echo(_("Open."))
        return
    until, since = (f"{at.astimezone():%Y-%m-%d %H:%M}" for at in (now.until, now.begun_at))
    click.echo(
        _("Closed since {since} by {who}, expected until {until}.").format(since=since, who=now.begun_by, until=until)
    )
    if now.because:
        click.echo(now.because)
