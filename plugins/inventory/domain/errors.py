"""What the stock refuses, in sentences for the person at the counter."""

from __future__ import annotations

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import _, ngettext


class OutOfStock(Conflict):
    """Fewer are there than are wanted; the first one that is short is named."""

    def __init__(self, name: str, wanted: int, on_hand: int) -> None:
        if on_hand == 0:
            sentence = _("“{name}” is not in stock any more.").format(name=name)
        else:
            few = ngettext("Only {count} of “{name}” is in stock.", "Only {count} of “{name}” are in stock.", on_hand)
            sentence = few.format(count=on_hand, name=name)
        super().__init__(sentence)
        self.wanted = wanted
        self.on_hand = on_hand


class AlreadyInStock(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is in stock already.").format(name=name))


class NotTaken(Conflict):
    """More would come back than this document took."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” came back already, or was not part of this sale.").format(name=name))


class SkuTaken(Conflict):
    def __init__(self, sku: str) -> None:
        super().__init__(_("Another item already has the SKU {sku}.").format(sku=sku))


class BarcodeTaken(Conflict):
    def __init__(self, barcode: str) -> None:
        super().__init__(_("Another item already has the barcode {barcode}.").format(barcode=barcode))


class ChangedMeanwhile(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” was changed by somebody else meanwhile. Look at it again, then repeat your change.").format(
                name=name
            )
        )


class NotHere(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is not in stock: it can be weighed again when it is back.").format(name=name))


class MovedMeanwhile(Conflict):
    """A worth of all that was in stock would be written on another number of them."""

    def __init__(self, name: str, seen: int, on_hand: int) -> None:
        sentence = _("“{name}”: {seen} were in stock when you began, {count} are there now. Check the cost of all.")
        super().__init__(sentence.format(name=name, seen=seen, count=on_hand))


class TooMuch(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This is more than the books can hold. Check the quantity, the weight and the cost."))


class CategoryTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("There is a category “{name}” here already.").format(name=name))


class CategoryInUse(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” still has items or categories below it. Move them first.").format(name=name))


class CategoryInItself(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” cannot stand below itself.").format(name=name))


class CategoryTooDeep(RuleBroken):
    def __init__(self, levels: int) -> None:
        super().__init__(_("Categories go {levels} levels deep at most.").format(levels=levels))


class ImportHasBadRows(RuleBroken):
    def __init__(self, bad: int) -> None:
        sentence = ngettext(
            "{count} row cannot come in. Correct it in the file and choose the file again.",
            "{count} rows cannot come in. Correct them in the file and choose the file again.",
            bad,
        )
        super().__init__(sentence.format(count=bad))


class ImportNotReady(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This file is being read, or its items are in stock already."))


class SomeTakenMeanwhile(Conflict):
    def __init__(self) -> None:
        super().__init__(
            _("Some of these items were added by somebody else meanwhile. Choose the file again to see which.")
        )
