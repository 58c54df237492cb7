"""The tree in which items are ordered: rings, and below them rings with stones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from plugins.inventory.domain.errors import CategoryInItself, CategoryTooDeep

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Category:
    """`path` are the ids from the root of the tree to this one, `names` theirs."""

    id: UUID
    name: str
    path: tuple[UUID, ...]
    names: tuple[str, ...] = ()

    @property
    def parent(self) -> UUID | None:
        return self.path[-2] if len(self.path) > 1 else None

    @property
    def level(self) -> int:
        return len(self.path)

    @property
    def title(self) -> str:
        """`Rings › Solitaire`."""
        return " › ".join(self.names or (self.name,))


def put_below(category: Category, parent: Category | None, height: int = 1) -> Category:
    """The category at its new place. `height` counts the levels it brings along, itself included."""
    above = parent.path if parent else ()
    if category.id in above:
        raise CategoryInItself(category.name)
    if len(above) + height > DEEPEST:
        raise CategoryTooDeep(DEEPEST)
    return replace(category, path=(*above, category.id))
