"""The state of a list, kept in its address and nowhere else: what is asked for, how it is sorted, which page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from kernel import text
from kernel.contributions import SavedView, ViewKeeper
from kernel.digits import latin
from kernel.uow import UnitOfWork
from web.period import of_one_mind

PAGE_ROWS = 50
LAST_PAGE = 1_000  #: Beyond this a person should ask more narrowly; it also bounds what an address can cost.
LONGEST_FILTER = 100
MOST_EXPORTED = 50_000  #: Rows of a file; a spreadsheet still opens it at once.


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page was asked for. `total` is None until the rows were counted, or where counting is too dear.

    `views` are those the person keeps of this list, and `keeper` is the address where they are kept.
    """

    path: str
    sorts: tuple[str, ...]
    sort: str
    descending: bool = False
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)
    total: int | None = None
    more: bool = False
    limit: int = PAGE_ROWS
    views: tuple[SavedView, ...] = ()
    keeper: str = ""
    #: Does the first of `sorts` begin with the largest?
    falls: bool = False

    @classmethod
    def of(
        cls, request: Request, uow: UnitOfWork | None = None, *, sorts: tuple[str, ...], filters: tuple[str, ...] = ()
    ) -> Listing:
        """From the address. What it does not know it leaves out: an old link shows a list, not an error.

        The first of `sorts` is the order where none is asked for; `-net` in `sorts` starts with the largest. With a
        `uow` the person may keep views of the list, and an address that asks nothing shows the one they start with.
        """
        path, asked = request.url.path, request.query_params
        keeper = _keeper(uow)
        views = tuple(uow.plugins.bound(keeper.kept)(uow, path)) if uow and keeper else ()
        if not asked:
            asked = QueryParams(next((view.query for view in views if view.is_default), ""))
        listing = cls.asked(path, asked, sorts=sorts, filters=filters)
        return replace(listing, views=views, keeper=keeper.address if keeper else "")

    @classmethod
    def asked(cls, path: str, asked: QueryParams, *, sorts: tuple[str, ...], filters: tuple[str, ...] = ()) -> Listing:
        """The list at `path` with what follows it in an address, wherever that came from."""
        wanted = asked.get("sort", sorts[0])
        name = wanted.removeprefix("-")
        known = tuple(sort.removeprefix("-") for sort in sorts)
        if name not in known:
            wanted, name = sorts[0], known[0]
        typed = {filter_: _clean(asked.get(filter_, "")) for filter_ in filters}
        if "period" in typed:
            typed = of_one_mind(typed)
        return cls(
            path=path,
            sorts=known,
            sort=name,
            descending=wanted.startswith("-"),
            page=_page(asked.get("page", "")),
            filters={filter_: value for filter_, value in typed.items() if value},
            falls=sorts[0].startswith("-"),
        )

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    def filter(self, name: str) -> str:
        """What was asked for under this name, cleaned; empty where nothing was."""
        return self.filters.get(name, "")

    def counted(self, total: int) -> Listing:
        return replace(self, total=total, more=self.page * self.limit < total)

    def seen(self, found: int) -> Listing:
        """For lists that ask for one row more than they show: the sum is known on the last page only."""
        return self.with_more(True) if found > self.limit else self.counted(self.offset + found)

    def with_more(self, more: bool) -> Listing:
        """For lists that are not counted: is there another page?"""
        return replace(self, more=more)

    @property
    def pages(self) -> int | None:
        return None if self.total is None else max(1, -(-self.total // self.limit))

    def address(self, *, sort: str | None = None, descending: bool | None = None, page: int = 1) -> str:
        """This list in another order or on another page; a new order begins on the first page."""
        state = self._state(sort, descending)
        if page > 1:
            state["page"] = str(page)
        return f"{self.path}?{urlencode(state)}" if state else self.everything

    def _state(self, sort: str | None = None, descending: bool | None = None) -> dict[str, str]:
        order = sort or self.sort
        down = self.descending if descending is None else descending
        state = dict(self.filters)
        if (order, down) != (self.sorts[0], self.falls) or sort:
            state["sort"] = f"-{order}" if down else order
        return state

    @property
    def order(self) -> str:
        """As the address says it; empty where the list stands in the order it begins with."""
        return self._state().get("sort", "")

    @property
    def query(self) -> str:
        """What is asked for and in which order, as a saved view keeps it: the same for the same list."""
        return urlencode(self._state())

    @property
    def is_narrowed(self) -> bool:
        """Is this less than the whole list? Then that nothing is on it does not mean that there is nothing."""
        return bool(self.filters) or self.page > 1

    @property
    def everything(self) -> str:
        """The list with nothing asked for; said aloud where a view of the person's own would come instead."""
        return f"{self.path}?view=all" if any(view.is_default for view in self.views) else self.path

    @property
    def view(self) -> SavedView | None:
        """The kept view that this list is."""
        return next((view for view in self.views if view.query == self.query), None)

    @property
    def export(self) -> str:
        """The address of the same list as a file."""
        return f"{self.path}/export?{self.query}"

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


def _keeper(uow: UnitOfWork | None) -> ViewKeeper | None:
    if uow is None:
        return None
    given = (one for one in uow.plugins.given("view_keepers") if one.plugin in uow.shop.plugins)
    return next((one.value for one in given), None)


def _clean(typed: str) -> str:
    try:
        return text.line(typed[:LONGEST_FILTER])
    except ValueError:
        return ""


def _page(typed: str) -> int:
    number = latin(typed)
    return min(max(int(number), 1), LAST_PAGE) if number.isascii() and number.isdigit() and len(number) < 7 else 1
