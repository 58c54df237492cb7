"""`./run bench`: one line of JSON for each figure on standard output, progress beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from adapters.launcher.supervisor import ended_by_signals
from tests.bench import books, sales, search, start, today
from tests.bench.floor import recorder
from tests.bench.installation import installation, say, web
from tests.bench.shops import shops as filled

METRICS = ("sale", "search", "trial_balance", "dashboard", "start", "memory", "statements")


def _chosen(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> frozenset[str]:
    chosen = frozenset(word for words in said for word in words.split(","))
    if unknown := chosen - set(METRICS):
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: choose among {', '.join(METRICS)}")
    return chosen


@click.command()
@click.option(
    "--only", multiple=True, default=METRICS, callback=_chosen, help=f"Some of {', '.join(METRICS)}; more than once."
)
@click.option("--shops", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--items", default=10_000, show_default=True, type=click.IntRange(50, 50_000), help="In each shop.")
@click.option("--journals", default=100_000, show_default=True, type=click.IntRange(1), help="For the trial balance.")
@click.option("--sales", "past", default=350_000, show_default=True, type=click.IntRange(1), help="For the dashboard.")
@click.option("--seconds", default=5.0, show_default=True, type=click.FloatRange(0.1, 600), help="Of each measurement.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Keep the filled database here for next time."
)
def main(
    only: frozenset[str], shops: int, items: int, journals: int, past: int, seconds: float, data_dir: Path | None
) -> None:
    """Measure Goldsmith on a database of its own, filled for the purpose and gone afterwards."""
    with ended_by_signals(), _folder(data_dir) as folder, installation(folder) as house:
        there = filled(house, shops, items)
        with recorder(house) as watching:
            if "statements" in only:
                sales.statements(watching, house, there)
            with web(house) as running:
                if "sale" in only:
                    sales.measure(house, running, watching, there, seconds)
                if "search" in only:
                    search.measure(house, running, watching, there, items, seconds)
                if "trial_balance" in only:
                    books.measure(house, running, watching, there, journals, seconds)
                if "dashboard" in only:
                    today.measure(house, running, watching, there, past, items, seconds)
                if "memory" in only:
                    start.measure_memory(house, running)
        if "start" in only:
            start.measure_start(house)
    say("Done.")


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    passing = Path(tempfile.mkdtemp(prefix="goldsmith-bench-"))
    # The database may have to run as somebody else, who walks through it.
    passing.chmod(0o755)
    try:
        yield passing
    finally:
        shutil.rmtree(passing, ignore_errors=True)


if __name__ == "__main__":
    main()
