"""A sale or a refund as a receipt: the same words on the page, on the roll and on A4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

from kernel.calendars import Calendar
from kernel.i18n import _, speaking
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.pos.domain.choices import BARS, COPIES, FOOTINGS
from plugins.pos.domain.payment import METHODS, Payment
from plugins.pos.domain.receipt import Figure, Receipt, ReceiptLine
from plugins.pos.domain.refund import Refund, RefundLine
from plugins.pos.domain.sale import OldGoldLine, Sale, SaleLine
from plugins.pos.pages import words
from plugins.shop import public as shop
from plugins.shop.public import Letterhead, isolated
from web.formats import Formats, direction

#: Where the law wants the document to say so when tax is charged by somebody who has a number for it.
TAX_INVOICES = frozenset({"AE", "IN", "SA"})


def receipt_of(
    uow: UnitOfWork, sale: Sale, language: str | None = None, *, on_paper: bool = False, copies: bool = False
) -> Receipt:
    """In the customer's language, whatever the seller reads. With `copies` as many as the shop wants of it.

    `on_paper` it has the logo, which the page of a sale does without.
    """
    with _writing(uow, language or sale.language) as show:
        return Receipt(
            language=show.language,
            direction=direction(show.language),
            title=_title(uow, sale),
            number=_number(show, sale.number),
            at=sale.at,
            letterhead=_letterhead(uow, show, sale, logo=on_paper),
            facts=_facts(uow, show, sale),
            lines=tuple(_line(show, sale, line) for line in sale.lines),
            taken_title=_("Old gold taken in"),
            taken=tuple(_taken(show, sale, old) for old in sale.old_gold),
            sums=_sums(show, sale),
            total=_total(show, sale.money(sale.due)),
            settled=_settled(show, sale.payments),
            footing=tuple(shop.text_in(uow.setting(FOOTINGS), show.language, uow.shop.language).splitlines()),
            columns=(_("Piece"), _("Amount")),
            code=f"{sale.number}/{sale.id}",
            barcode=str(sale.number) if uow.setting(BARS) else "",
            stamp="" if sale.void is None else _("VOID"),
            copies=_copies(uow) if copies else ("",),
        )


def refund_receipt_of(
    uow: UnitOfWork,
    refund: Refund,
    sale: Sale,
    language: str | None = None,
    *,
    on_paper: bool = False,
    copies: bool = False,
) -> Receipt:
    """The credit note for goods that came back."""
    sold = {line.line: line for line in sale.lines}
    with _writing(uow, language or sale.language) as show:
        return replace(
            receipt_of(uow, sale, language, on_paper=on_paper, copies=copies),
            title=_("Credit note"),
            number=_number(show, refund.number),
            at=refund.at,
            facts=(
                Figure(_("Date"), show.datetime(refund.at)),
                Figure(_("For invoice"), _number(show, sale.number)),
                Figure(_("By"), refund.person),
                Figure(_("Reason"), refund.because),
            ),
            lines=tuple(_returned(show, refund, line, sold[line.line]) for line in refund.lines),
            taken=(),
            sums=words.figures(show, [(_("Rounding"), refund.money(refund.rounding))] if refund.rounding else []),
            total=Figure(_("Given back"), show.money(refund.money(refund.due))),
            settled=_settled(show, refund.payments),
            code=f"R{refund.number}/{refund.id}",
            barcode=f"R{refund.number}" if uow.setting(BARS) else "",
            stamp="",
        )


@contextmanager
def _writing(uow: UnitOfWork, language: str) -> Iterator[Formats]:
    with speaking(language):
        yield Formats(language, Calendar(uow.shop.calendar), ZoneInfo(uow.shop.zone), uow.now)


def _number(show: Formats, number: int) -> str:
    return _("No. {number}").format(number=show.digits(number))


def _title(uow: UnitOfWork, sale: Sale) -> str:
    if not sale.lines:
        return _("Purchase voucher")
    is_taxed = any(line.taxes for line in sale.lines) and uow.setting(shop.TAX_NUMBER)
    return _("Tax invoice") if is_taxed and uow.shop.market in TAX_INVOICES else _("Invoice")


def _letterhead(uow: UnitOfWork, show: Formats, sale: Sale, *, logo: bool) -> Letterhead:
    """The shop's, with the address and the phone of the branch where it was sold."""
    branch = branches.branch(uow, sale.branch)
    return shop.letterhead(uow, show.language, address=branch.address, phone=branch.phone, logo=logo)


def _copies(uow: UnitOfWork) -> tuple[str, ...]:
    return ("",) if uow.setting(COPIES) == "one" else (_("Customer’s copy"), _("Shop’s copy"))


def _facts(uow: UnitOfWork, show: Formats, sale: Sale) -> tuple[Figure, ...]:
    branch, till = branches.branch(uow, sale.branch), branches.terminal(uow, sale.terminal)
    facts = [
        (_("Date"), show.datetime(sale.at)),
        (_("Branch"), words.DOT.join((branch.name, till.name))),
        (_("Seller"), sale.seller),
        (_("Customer"), sale.customer.name),
        (_("Phone"), isolated(show.digits(sale.customer.phone)) if sale.customer.phone else ""),
        (_("Customer’s tax number"), sale.customer.tax_number),
    ]
    return tuple(Figure(name, value) for name, value in facts if value)


def _line(show: Formats, sale: Sale, line: SaleLine) -> ReceiptLine:
    return ReceiptLine(
        line.name,
        line.sku,
        _details(show, line, line.quantity),
        words.parts(show, line.priced),
        show.amount(sale.money(line.total)),
    )


def _details(show: Formats, line: SaleLine, quantity: int) -> str:
    """`2 × 4.250 g · 18K · 7,000,000 per gram`: what a customer checks against the scale and the board."""
    priced = line.priced
    piece = priced.line.piece
    said = [words.about_metal(show, piece.metal, piece.fineness, piece.net)]
    if quantity > 1:
        said.insert(0, _("{count} pieces").format(count=show.number(quantity)))
    if priced.rate is not None and piece.fineness is not None:
        said.append(_("{price} per gram").format(price=words.per_gram(show, priced)))
    return words.DOT.join(filter(None, said))


def _taken(show: Formats, sale: Sale, old: OldGoldLine) -> ReceiptLine:
    amount = sale.money(-old.amount if sale.lines else old.amount)
    return ReceiptLine(
        words.old_gold_name(show, old.metal, old.fineness),
        "",
        words.about_old_gold(show, old.priced),
        (),
        show.amount(amount),
    )


def _returned(show: Formats, refund: Refund, line: RefundLine, sold: SaleLine) -> ReceiptLine:
    taxed = [(_(name), refund.money(amount)) for name, amount in line.taxes.items() if amount]
    off = [(_("Discount"), refund.money(-line.discount))] if line.discount else []
    net = refund.money(sum(line.parts.values()))
    return ReceiptLine(
        line.name,
        line.sku,
        _details(show, sold, line.quantity),
        words.figures(show, [(_("Goods before tax"), net), *off, *taxed]),
        show.amount(refund.money(line.total)),
    )


def _sums(show: Formats, sale: Sale) -> tuple[Figure, ...]:
    """From the goods to what is due, where that is more than one figure."""
    listed = []
    if len(sale.lines) > 1:
        listed += [(_("Goods before tax"), sale.money(sum(sum(line.parts.values()) for line in sale.lines)))]
        if off := sum(line.discount for line in sale.lines):
            listed.append((_("Discount"), sale.money(-off)))
        listed += [(_(name), sale.money(amount)) for name, amount in _taxes(sale.lines).items()]
    if sale.lines and sale.exchanged:
        listed += [(_("Goods"), sale.money(sale.total)), (_("Old gold"), sale.money(-sale.exchanged))]
    if sale.rounding:
        listed.append((_("Rounding"), sale.money(sale.rounding)))
    return words.figures(show, listed)


def _taxes(lines: Iterable[SaleLine]) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        for name, amount in line.taxes.items():
            sums[name] = sums.get(name, 0) + amount
    return sums


def _total(show: Formats, due: Money) -> Figure:
    if due.amount < 0:
        return Figure(_("Paid out"), show.money(-due))
    return Figure(_("Total"), show.money(due))


def _settled(show: Formats, payments: Iterable[Payment]) -> tuple[Figure, ...]:
    """How it was paid; of cash what was given, and the change."""
    listed = []
    for payment in payments:
        given = payment.given if payment.given.amount > 0 else -payment.given
        listed.append((_(METHODS[payment.method]), given))
        if payment.change:
            listed.append((_("Change given"), payment.change))
    return words.figures(show, listed)
