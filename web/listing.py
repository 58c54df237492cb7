"""The state of a list, kept in its address and nowhere else: what is asked for, how it is sorted, which page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.requests import Request

from kernel import text
from kernel.digits import latin

PAGE_ROWS = 50
LAST_PAGE = 1_000  #: Beyond this a person should ask more narrowly; it also bounds what an address can cost.
LONGEST_FILTER = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page was asked for. `total` is None until the rows were counted, or where counting is too dear."""

    path: str
    sorts: tuple[str, ...]
    sort: str
    descending: bool = False
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)
    total: int | None = None
    more: bool = False
    limit: int = PAGE_ROWS

    @classmethod
    def of(cls, request: Request, *, sorts: tuple[str, ...], filters: tuple[str, ...] = ()) -> Listing:
        """From the address. What it does not know it leaves out: an old link shows a list, not an error.

        The first of `sorts` is the order where none is asked for; `-net` in `sorts` starts with the largest.
        """
        asked = request.query_params
        wanted = asked.get("sort", sorts[0])
        name = wanted.removeprefix("-")
        known = tuple(sort.removeprefix("-") for sort in sorts)
        if name not in known:
            wanted, name = sorts[0], known[0]
        typed = {filter_: _clean(asked.get(filter_, "")) for filter_ in filters}
        return cls(
            path=request.url.path,
            sorts=known,
            sort=name,
            descending=wanted.startswith("-"),
            page=_page(asked.get("page", "")),
            filters={filter_: value for filter_, value in typed.items() if value},
        )

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    def filter(self, name: str) -> str:
        """What was asked for under this name, cleaned; empty where nothing was."""
        return self.filters.get(name, "")

    def counted(self, total: int) -> Listing:
        return replace(self, total=total, more=self.page * self.limit < total)

    def with_more(self, more: bool) -> Listing:
        """For lists that are not counted: is there another page?"""
        return replace(self, more=more)

    @property
    def pages(self) -> int | None:
        return None if self.total is None else max(1, -(-self.total // self.limit))

    def address(self, *, sort: str | None = None, descending: bool | None = None, page: int = 1) -> str:
        """This list in another order or on another page; a new order begins on the first page."""
        order = sort or self.sort
        down = self.descending if descending is None else descending
        state = dict(self.filters)
        if (order, down) != (self.sorts[0], False) or sort:
            state["sort"] = f"-{order}" if down else order
        if page > 1:
            state["page"] = str(page)
        return f"{self.path}?{urlencode(state)}" if state else self.path

    def turned(self, sort: str) -> str:
        """The address behind a column head: sorts by it, and turns the order when it already does."""
        return self.address(sort=sort, descending=sort == self.sort and not self.descending)

    def page_numbers(self) -> list[int | None]:
        """`1 … 4 5 6 … 17`, with None for the gaps."""
        if self.pages is None:
            return []
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        numbers: list[int | None] = []
        for number in sorted(number for number in near if 1 <= number <= self.pages):
            if numbers and number != (numbers[-1] or 0) + 1:
                numbers.append(None)
            numbers.append(number)
        return numbers


def _clean(typed: str) -> str:
    try:
        return text.line(typed[:LONGEST_FILTER])
    except ValueError:
        return ""


def _page(typed: str) -> int:
    number = latin(typed)
    return min(max(int(number), 1), LAST_PAGE) if number.isascii() and number.isdigit() and len(number) < 7 else 1
