"""The till: one form, which is all the state there is; what is pressed changes it and it comes back priced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from markupsafe import Markup
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from kernel.errors import BadInput, RuleBroken
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.inventory import public as inventory
from plugins.inventory.public import ItemForSale, Kind
from plugins.pos.actions.hold import hold, recall
from plugins.pos.actions.price import price_each
from plugins.pos.actions.sell import sell
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.trial import SHOWS_KEYS
from plugins.pos.forms import CartLineForm, PaymentForm, SaleForm, TillForm
from plugins.pos.pages import words
from plugins.pos.pages.counter import Counter, lay_out, standing
from plugins.pos.pages.receipt import receipt_of
from plugins.pos.permissions import SELL
from plugins.pos.ports import Seal
from plugins.pricing import public as pricing
from web.bodies import Rows
from web.formats import Formats
from web.forms import Draft, Form, Line, validate
from web.render import formats, page
from web.routing import get, post
from web.slots import added_at

TILL_COOKIE = "till"
MOST_FOUND = 12
MOST_NAMED = 2


class NoTill(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("There is no till yet where you work. Whoever runs the shop adds one under Branches."))


class FindQuery(Form):
    find: Annotated[Line, Field(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Something the search found, with its price of this moment or why there is none."""

    item: ItemForSale
    about: str
    price: str
    problem: str
    elsewhere: str


@get("/pos", permission=SELL)
def show_till(request: Request, uow: UnitOfWork, seal: Seal) -> Response:
    form = _as_far_as_it_goes(request.state.draft.data)
    return _shown(request, uow, form, seal)


@post("/pos/cart", form=TillForm, permission=SELL, again=show_till)
def change_cart(request: Request, uow: UnitOfWork, form: TillForm, seal: Seal) -> Response:
    till = _till(request, form, branches.terminals(uow))
    if form.go == "hold" or form.recall is not None:
        pressed, notice = _put_aside(uow, form, till, formats(request))
        return _shown(request, uow, pressed, seal, notice=notice)
    pressed, notice, found = _press(uow, form)
    return _shown(request, uow, pressed, seal, notice=notice, found=found)


@get("/pos/standing", permission=SELL)
def show_standing(request: Request, uow: UnitOfWork) -> Response:
    """The line below the till, when a rate has moved."""
    return page(
        request,
        "pos/standing.html",
        block="standing",
        standing=standing(pricing.board(uow)),
        added=_beside(request, uow),
    )


@post("/pos/sales", form=SaleForm, permission=SELL, again=show_till)
def complete_sale(request: Request, uow: UnitOfWork, form: SaleForm, seal: Seal) -> Response:
    sale = sell(uow, form, Quote.opened(form.quote, uow.shop.id, seal.sign))
    uow.converted(SHOWS_KEYS, "sold")
    return page(request, "pos/done.html", block="till", sale=sale, receipt=receipt_of(uow, sale))


@get("/pos/find", permission=SELL, query=FindQuery)
def find_pieces(request: Request, uow: UnitOfWork, query: FindQuery) -> Response:
    """What the search field shows while one types."""
    found = inventory.find(uow, query.find, limit=MOST_FOUND) if query.find else []
    return page(
        request,
        "pos/found.html",
        block="found",
        text=query.find,
        found=_with_prices(uow, found, None, formats(request)),
    )


def _shown(
    request: Request,
    uow: UnitOfWork,
    form: TillForm,
    seal: Seal,
    notice: str = "",
    found: list[ItemForSale] | None = None,
) -> Response:
    tills = branches.terminals(uow)
    till = _till(request, form, tills)
    counter = lay_out(uow, form, till, tills, seal, formats(request))
    _offer_what_is_left(request, counter)
    shown = _with_prices(uow, found or [], till.branch, formats(request))
    response = page(
        request,
        "pos/till.html",
        block="till",
        counter=counter,
        standing=counter.standing,
        added=_beside(request, uow),
        shows_keys=counter.is_empty and uow.flag(SHOWS_KEYS),
        customer=added_at(request, uow, "pos.customer", name=form.customer_name, phone=form.customer_phone),
        notice=notice,
        found=shown,
        text=form.find,
    )
    response.set_cookie(TILL_COOKIE, str(till.id), max_age=365 * 86_400, httponly=True, samesite="lax", path="/pos")
    return response


def _beside(request: Request, uow: UnitOfWork) -> list[Markup]:
    """What others say about this till: is its drawer open?"""
    return added_at(request, uow, "pos.standing")


def _offer_what_is_left(request: Request, counter: Counter) -> None:
    """Where a refused form said no amount, the field offers the one that is due now."""
    draft: Draft = request.state.draft
    if draft and not draft.value("pay_amount", "") and counter.left is not None:
        request.state.draft = replace(draft, data={**draft.data, "pay_amount": counter.left})


def _till(request: Request, form: TillForm, tills: list[branches.Terminal]) -> branches.Terminal:
    """Where this is: as chosen, as this device remembers, else the first there is."""
    if not tills:
        raise NoTill
    by_id = {str(till.id): till for till in tills}
    wanted = (str(form.terminal), request.cookies.get(TILL_COOKIE, ""))
    return next((by_id[id] for id in wanted if id in by_id), tills[0])


def _as_far_as_it_goes(typed: Any) -> TillForm:
    """What can be read of a refused form: the cart stays on the counter while one entry is corrected."""
    while True:
        try:
            return validate(TillForm, typed)
        except BadInput as refused:
            typed = _without(typed, next(iter(refused.fields)).split(".")) or {}


def _without(data: Any, path: list[str]) -> Any:
    """A copy of plain data without what stands at a path; None where that is missing: then its row goes."""
    step, *below = path
    key = _place(data, step)
    if key is None:
        return None
    kept = _without(data[key], below) if below else None
    if isinstance(data, list):
        return [*data[:key], *([] if kept is None else [kept]), *data[key + 1 :]]
    rest = {name: value for name, value in data.items() if name != key}
    return rest if kept is None else {**rest, key: kept}


def _place(data: Any, step: str) -> Any:
    """The key or the index that a step of a path means; rows of a form go by the number in their name."""
    if isinstance(data, dict):
        return step if step in data else None
    numbers = data.numbers if isinstance(data, Rows) else range(len(data)) if isinstance(data, list) else ()
    return next((place for place, number in enumerate(numbers) if str(number) == step), None)


def _press(uow: UnitOfWork, form: TillForm) -> tuple[TillForm, str, list[ItemForSale] | None]:
    """The form after what was pressed, a word about it, and what was found."""
    cleared = {
        "find": "", "go": None, "recall": None, "add": None, "drop": None, "drop_gold": None, "drop_payment": None,
        "pay": None, "pay_amount": None,
    }  # fmt: skip
    after = form.model_copy(update=cleared)
    if form.add is not None:
        return _add(uow, after, inventory.for_sale(uow, [form.add]).get(form.add))
    if form.drop is not None:
        return after.model_copy(update={"lines": _without_one(form.lines, form.drop)}), "", None
    if form.drop_gold is not None:
        return after.model_copy(update={"old_gold": _without_one(form.old_gold, form.drop_gold)}), "", None
    if form.drop_payment is not None:
        return after.model_copy(update={"payments": _without_one(form.payments, form.drop_payment)}), "", None
    if form.pay is not None:
        return _pay(after, form), "", None
    if form.go in ("pay", "sale"):
        return after.model_copy(update={"step": form.go}), "", None
    if form.find:
        return _find(uow, after, form.find)
    return after, "", None


def _put_aside(uow: UnitOfWork, form: TillForm, till: branches.Terminal, show: Formats) -> tuple[TillForm, str]:
    """What lies there goes on hold, and what was wanted from there comes back."""
    said = ""
    if not form.is_empty:
        title = _title(uow, form, show)
        hold(uow, form, till, title)
        said = _("On hold: {title}.").format(title=title)
    after = TillForm(terminal=till.id)
    if form.recall is not None:
        after = recall(uow, form.recall, till)
    return after, said


def _title(uow: UnitOfWork, form: TillForm, show: Formats) -> str:
    """What one remembers a cart by: the customer, else what lies first."""
    if form.customer_name:
        return form.customer_name
    items = inventory.for_sale(uow, {line.item for line in form.lines}) if form.lines else {}
    names = [items[line.item].name for line in form.lines if line.item in items]
    names += [words.old_gold_name(show, old.metal, old.fineness) for old in form.old_gold]
    more = len(names) - MOST_NAMED
    named = words.DOT.join(names[:MOST_NAMED])
    return _("{names} and {count} more").format(names=named, count=show.number(more)) if more > 0 else named


def _find(uow: UnitOfWork, form: TillForm, text: str) -> tuple[TillForm, str, list[ItemForSale] | None]:
    """A scanned code adds its piece; other words show what they fit."""
    found = inventory.find(uow, text, limit=MOST_FOUND)
    code = text.strip().casefold()
    exact = [item for item in found if code in (item.sku.casefold(), item.barcode.casefold())]
    if len(exact) == 1:
        return _add(uow, form, exact[0])
    said = "" if found else _("Nothing fits “{text}”.").format(text=text)
    # Said once: a list without anything would say it again.
    return form.model_copy(update={"find": text}), said, found or None


def _add(uow: UnitOfWork, form: TillForm, item: ItemForSale | None) -> tuple[TillForm, str, list[ItemForSale] | None]:
    if item is None:
        return form, _("There is no such item."), None
    there = next((place for place, line in enumerate(form.lines) if line.item == item.id), None)
    if there is not None and item.kind is not Kind.COUNTED:
        return form, _("“{name}” lies on the counter already; there is only one.").format(name=item.name), None
    if item.on_hand == 0:
        return form, _("“{name}” is not in stock any more.").format(name=item.name), None
    lines = list(form.lines)
    if there is None:
        lines.append(CartLineForm(item=item.id))
    else:
        lines[there] = lines[there].model_copy(update={"quantity": lines[there].quantity + 1})
    return form.model_copy(update={"lines": tuple(lines), "step": "sale"}), "", None


def _pay(after: TillForm, form: TillForm) -> TillForm:
    if form.pay_amount is None:
        raise BadInput({"pay_amount": _("How much is paid this way?")})
    assert form.pay is not None
    payments = (*form.payments, PaymentForm(method=form.pay, amount=form.pay_amount))
    return after.model_copy(update={"payments": payments, "step": "pay"})


def _without_one(rows: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return (*rows[:place], *rows[place + 1 :])


def _with_prices(uow: UnitOfWork, found: list[ItemForSale], branch: UUID | None, show: Formats) -> list[Found]:
    """What one of each costs now, all by the same board of rates."""
    if not found:
        return []
    names = {each.id: each.name for each in branches.branches(uow)}
    prices = price_each(uow, found)
    shown = []
    for item in found:
        priced = prices[item.id]
        amount, problem = ("", str(priced)) if isinstance(priced, RuleBroken) else (show.amount(priced.total), "")
        is_elsewhere = branch is not None and item.branch != branch
        elsewhere = names.get(item.branch, _("a closed branch")) if is_elsewhere else ""
        shown.append(Found(item, words.about(show, item), amount, problem, elsewhere))
    return shown
