"""The command line. Each command is a module of this folder, imported only when it is called."""

from __future__ import annotations

import importlib
import sys

import click

#: In the order in which a person meets them.
COMMANDS = (
    "demo",
    "code",
    "serve",
    "worker",
    "scheduler",
    "migrate",
    "admin",
    "tenant",
    "plugin",
    "maintenance",
    "price",
    "db",
    "doctor",
    "docs",
    "translate",
)


class LazyGroup(click.Group):
    """Knows its commands by name: `serve` does not pay for what `price` imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"adapters.cli.{cmd_name}").command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def goldsmith() -> None:
    """Goldsmith runs jewellery and gold shops."""


def main() -> None:
    """What `goldsmith` starts. What went wrong is said in a sentence where we know one, and never with a secret."""
    from kernel.audit import doing

    try:
        with doing(" ".join(["goldsmith", *(word for word in sys.argv[1:3] if word.isalpha())])):
            goldsmith(prog_name="goldsmith")
    except Exception as fault:
        from adapters.cli.sentences import sentence_for

        sentence = sentence_for(fault)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)
