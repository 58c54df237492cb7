"""Whoever works in one branch: what they still do there, what they are refused elsewhere, and who decides about it.

That nothing of another branch is seen is tried on every table and every page in tests/house/test_branches.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import pytest

from kernel.clock import SetClock
from kernel.errors import BadInput, NotFound, OtherBranch
from kernel.ids import new_id
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.branches import actions as branches
from plugins.branches import public
from plugins.branches.forms import BranchForm, ClosingForm, TillForm
from plugins.identity.actions.change_user import change_user
from plugins.identity.actions.invite import invite
from plugins.identity.forms import InvitationForm, UserForm
from plugins.identity.public import NewUserForm, User, add_user, users
from plugins.inventory import public as inventory
from plugins.inventory.actions.import_file import bring
from plugins.pos.actions.price import price
from plugins.pos.actions.refund import refund
from plugins.pos.actions.sell import sell
from plugins.pos.actions.void import void
from plugins.pos.forms import CartForm, CartLineForm, OldGoldForm, PaymentForm, RefundForm, SaleForm, VoidForm
from plugins.pos.public import takings
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm
from tests.plugins.browser import Browser

SignedIn = Callable[..., Browser]
BECAUSE = VoidForm(because="A slip")


@dataclass(frozen=True, slots=True)
class Place:
    """A branch with its till, and somebody who works there and nowhere else."""

    branch: UUID
    till: UUID
    seller: Actor


@dataclass(frozen=True, slots=True)
class Chain:
    """A shop with two branches."""

    database: Database
    shop: Shop
    boss: Actor
    here: Place
    there: Place

    def ring(self, place: Place) -> UUID:
        """A ring comes into the window of a branch."""
        with self.database.for_shop(self.shop.id, place.seller) as uow:
            return add_ring(uow, place.branch)

    def sells(self, place: Place, *, old_gold: bool = False) -> UUID:
        ring = self.ring(place)
        with self.database.for_shop(self.shop.id, place.seller) as uow:
            return sell_ring(uow, ring, place.till, old_gold=old_gold)


def add_ring(uow: UnitOfWork, branch: UUID) -> UUID:
    weighed = inventory.Weighed(Metal.GOLD, Fineness.permille("750"), None, Weight.grams("5"), Weight.grams("5"))
    description = inventory.Description(sku=f"R-{new_id().hex[-8:]}", name="Ring")
    return inventory.add(uow, inventory.NewItem(description, weighed, inventory.Kind.PIECE, branch, cost=1_000)).id


def sell_ring(uow: UnitOfWork, ring: UUID, till: UUID, *, old_gold: bool = False) -> UUID:
    gold = OldGoldForm(metal=Metal.GOLD, weight=Weight.grams("1"), fineness=Fineness.permille("700"))
    cart = CartForm(lines=(CartLineForm(item=ring),), old_gold=(gold,) if old_gold else ())
    paid = PaymentForm(method="cash", amount=price(uow, cart).due.decimal)
    form = SaleForm(lines=cart.lines, old_gold=cart.old_gold, id=new_id(), terminal=till, payments=(paid,))
    return sell(uow, form).id


@pytest.fixture
def chain(database: Database, shop: Shop, actor: Actor) -> Chain:
    with database.for_shop(shop.id, actor) as uow:
        [first] = public.terminals(uow)
        bazaar = branches.add(uow, BranchForm(code="BZR", name="Bazaar"))
        window = branches.add_till(uow, bazaar.id, TillForm(name="Window"))
        fine = Fineness.permille("750")
        set_rate(uow, RateForm(metal=Metal.GOLD, unit=WeightUnit.GRAM, fineness=fine, value=Decimal(7_000_000)))
    here, there = (
        Place(till.branch, till.id, replace(actor, branches=frozenset([till.branch]))) for till in (first, window)
    )
    return Chain(database, shop, actor, here, there)


# Working in one branch


def test_a_seller_sells_takes_gold_in_takes_back_and_voids_in_their_own_branch(chain: Chain):
    chain.sells(chain.there)
    first, second = chain.sells(chain.here, old_gold=True), chain.sells(chain.here)
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        refund(uow, first, RefundForm.model_validate({"method": "cash", "because": "Too small"}))
        void(uow, second, BECAUSE)
        [taken] = takings(uow, uow.now.date(), uow.now.date()).values()
        assert (taken.sales, taken.refunds, taken.voids) == (2, 1, 1)
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        [taken] = takings(uow, uow.now.date(), uow.now.date()).values()
        assert (taken.sales, taken.refunds, taken.voids) == (3, 1, 1)
        # The numbers of the shop, and its books, go on as if nobody were limited.
        assert uow.ask("SELECT array_agg(number ORDER BY number) AS n FROM shop.sales")[0].n == [1, 2, 3]
        assert uow.ask("SELECT count(*) AS n FROM shop.journals WHERE document_kind = 'sale'")[0].n == 3


def test_the_stock_is_added_up_for_the_branches_one_works_in(chain: Chain):
    for place in (chain.here, chain.here, chain.there):
        chain.ring(place)

    def pieces(actor: Actor) -> int:
        with chain.database.for_shop(chain.shop.id, actor) as uow:
            return sum(total.pieces for total in inventory.totals(uow))

    assert [pieces(chain.here.seller), pieces(chain.there.seller), pieces(chain.boss)] == [2, 1, 3]


def test_a_till_of_another_branch_is_not_there(chain: Chain):
    ring = chain.ring(chain.here)
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        assert [till.id for till in public.terminals(uow)] == [chain.here.till]
        with pytest.raises(NotFound, match="There is no such till"):
            sell_ring(uow, ring, chain.there.till)


def test_what_one_process_remembers_for_one_seller_is_not_what_another_may_see(chain: Chain):
    for place in (chain.here, chain.there, chain.here):
        chain.sells(place)


def test_a_sale_of_another_branch_is_neither_taken_back_nor_voided(chain: Chain):
    sale = chain.sells(chain.there)
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        with pytest.raises(NotFound, match="There is no such sale"):
            refund(uow, sale, RefundForm.model_validate({"method": "cash", "because": "Too small"}))
        with pytest.raises(NotFound, match="There is no such sale"):
            void(uow, sale, BECAUSE)
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        void(uow, sale, BECAUSE)


def test_a_piece_of_another_branch_is_not_sold(chain: Chain):
    ring = chain.ring(chain.there)
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        with pytest.raises((NotFound, BadInput)):
            sell_ring(uow, ring, chain.here.till)
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        sell_ring(uow, ring, chain.there.till)


def test_a_form_takes_only_ones_own_branches(chain: Chain):
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        for unknown in (chain.there.branch, new_id()):
            with pytest.raises(BadInput) as refused:
                add_ring(uow, unknown)
            assert refused.value.fields == {"branch": "Please choose one from the list."}
            with pytest.raises(BadInput) as refused:
                bring(uow, "rings.csv", b"sku,name,gross,metal,fineness\nR-1,Ring,5,gold,750\n", unknown)
            assert refused.value.fields == {"branch": "Please choose one from the list."}


def test_a_file_brings_nothing_into_another_branch(chain: Chain):
    content = b"sku,name,gross,metal,fineness,branch\nR-1,Ring,5,gold,750,BZR\nR-2,Ring,5,gold,750,MAIN\n"
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        brought = bring(uow, "rings.csv", content, chain.here.branch)
        assert (brought.good, brought.bad) == (1, 1)


def test_how_many_branches_there_are_is_decided_by_who_sees_them_all(chain: Chain):
    with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
        with pytest.raises(OtherBranch, match="in which you do not work"):
            branches.add(uow, BranchForm(code="NEW", name="New"))
        with pytest.raises(OtherBranch):
            branches.close(uow, chain.here.branch, ClosingForm(because="The rent"))
        branches.add_till(uow, chain.here.branch, TillForm(name="Second"))
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        assert len(public.branches(uow)) == 2


def test_what_nobody_thought_of_is_refused_by_the_database_with_a_sentence(chain: Chain):
    with pytest.raises(OtherBranch, match="in which you do not work"):
        with chain.database.for_shop(chain.shop.id, chain.here.seller) as uow:
            uow.ask(
                "INSERT INTO shop.terminals (id, branch_id, name) VALUES (%(id)s, %(branch)s, 'Back door')",
                {"id": new_id(), "branch": chain.there.branch},
            )
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        assert len(public.terminals(uow)) == 2


# Deciding about it


def form(**more: object) -> dict[str, object]:
    return {"name": "Mina", "role": "employee", **more}


def reach_of(chain: Chain, user: UUID) -> set[UUID] | None:
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        found = next(one.branches for one in users(uow) if one.id == user)
    return None if found is None else set(found)


@pytest.fixture
def mina(chain: Chain) -> UUID:
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        wanted = form(email=f"mina-{new_id().hex}@example.com", reach="chosen", branches=[str(chain.here.branch)])
        return add_user(uow, NewUserForm.model_validate(wanted)).user.id


def test_somebody_new_works_where_the_form_says(chain: Chain, mina: UUID):
    assert reach_of(chain, mina) == {chain.here.branch}


def test_the_branches_of_somebody_are_changed_and_stay_where_the_form_does_not_say(chain: Chain, mina: UUID):
    here, there = str(chain.here.branch), str(chain.there.branch)
    for wanted, then in (
        ({}, {chain.here.branch}),
        ({"reach": "chosen", "branches": [here, there]}, {chain.here.branch, chain.there.branch}),
        ({"reach": "chosen", "branches": [there]}, {chain.there.branch}),
        ({"reach": "all", "branches": [there]}, None),
    ):
        with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
            change_user(uow, mina, UserForm.model_validate(form(**wanted)))
        assert reach_of(chain, mina) == then


def test_who_ticks_a_branch_beside_all_of_them_is_asked_what_they_mean(chain: Chain, mina: UUID):
    mixed = form(reach="all", branches=[str(chain.there.branch)])
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        with pytest.raises(BadInput) as refused:
            change_user(uow, mina, UserForm.model_validate(mixed))
        assert refused.value.fields.keys() == {"reach"}
        with pytest.raises(BadInput) as refused:
            invite(uow, InvitationForm.model_validate({**mixed, "email": f"nika-{new_id().hex}@example.com"}))
        assert refused.value.fields.keys() == {"reach"}
    assert reach_of(chain, mina) == {chain.here.branch}


def test_whoever_becomes_an_owner_works_everywhere(chain: Chain, mina: UUID):
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        with pytest.raises(BadInput) as refused:
            limited = {"role": "owner", "reach": "chosen", "branches": [str(chain.here.branch)]}
            change_user(uow, mina, UserForm.model_validate(form(**limited)))
        assert refused.value.fields == {"reach": "An owner works in all branches."}
        change_user(uow, mina, UserForm.model_validate(form(role="owner")))
    assert reach_of(chain, mina) is None


@pytest.mark.parametrize(
    ("reach", "unknown"),
    [
        ("chosen", ""),
        ("chosen", "never was"),
        ("chosen", "another shop's"),
        ("all", "never was"),
        ("all", "another shop's"),
    ],
)
def test_only_branches_of_the_shop_can_be_chosen(
    chain: Chain, mina: UUID, new_shop, database, actor, reach: str, unknown: str
):
    with database.for_shop(new_shop().id, actor) as uow:
        theirs = public.branches(uow)[0].id
    chosen = {"": [], "never was": [str(new_id())], "another shop's": [str(theirs)]}[unknown]
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        with pytest.raises(BadInput) as refused:
            change_user(uow, mina, UserForm.model_validate(form(reach=reach, branches=chosen)))
        assert refused.value.fields.keys() == {"reach"}
    assert reach_of(chain, mina) == {chain.here.branch}


def test_nobody_gives_branches_in_which_they_do_not_work(chain: Chain, mina: UUID):
    there = str(chain.there.branch)
    with chain.database.for_shop(chain.shop.id, chain.there.seller) as uow:
        for wanted in ({"reach": "all"}, {"reach": "chosen", "branches": [there]}):
            with pytest.raises(BadInput) as refused:
                change_user(uow, mina, UserForm.model_validate(form(**wanted)))
            assert refused.value.fields.keys() == {"reach"}
        # Whoever they invite works where they do.
        asked = InvitationForm.model_validate(form(email=f"nika-{new_id().hex}@example.com"))
        assert invite(uow, asked).branches == frozenset({chain.there.branch})
        with pytest.raises(BadInput):
            invite(uow, InvitationForm.model_validate(form(email="omid@example.com", reach="all")))
        # An owner would work everywhere: that is more than all branches of who makes one, whatever else they may.
        with pytest.raises(BadInput):
            invite(uow, InvitationForm.model_validate(form(email="omid@example.com", role="owner")))
        with pytest.raises(BadInput):
            change_user(uow, mina, UserForm.model_validate(form(role="owner")))
    assert reach_of(chain, mina) == {chain.here.branch}


def test_the_trail_says_whose_branches_were_changed(chain: Chain, mina: UUID):
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        wanted = form(reach="chosen", branches=[str(chain.there.branch)])
        change_user(uow, mina, UserForm.model_validate(wanted))
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        noted = uow.ask(
            "SELECT kind, row_key FROM shop.audit_changes WHERE about = 'user_branches' AND row_key LIKE %(mina)s"
            " ORDER BY id DESC LIMIT 2",
            {"mina": f"{mina} %"},
        )
    assert {(one.kind, one.row_key) for one in noted} == {
        ("delete", f"{mina} {chain.here.branch}"),
        ("create", f"{mina} {chain.there.branch}"),
    }


def test_a_change_holds_within_a_second(chain: Chain, signed_in: SignedIn, clock: SetClock):
    owner, seller = signed_in(chain.shop), signed_in(chain.shop, "employee", name="Nika")
    there = chain.ring(chain.there)
    assert seller.get(f"/inventory/{there}").status_code == 200
    nika = next(one.id for one in everybody(chain) if one.name == "Nika")
    fields = {"name": "Nika", "role": "employee", "reach": "chosen", "branches[]": str(chain.here.branch)}
    assert owner.post(f"/users/{nika}", **fields).status_code == 303
    assert seller.get(f"/inventory/{there}").status_code == 404
    assert "Bazaar" not in seller.get("/branches").text


def everybody(chain: Chain) -> list[User]:
    with chain.database.for_shop(chain.shop.id, chain.boss) as uow:
        return users(uow)


def test_the_form_of_a_person_offers_all_branches_or_some(chain: Chain, mina: UUID, signed_in: SignedIn):
    owner = signed_in(chain.shop)
    page = owner.get(f"/users/{mina}").text
    assert "Works in" in page
    assert f'value="{chain.here.branch}" checked' in page
    assert f'value="{chain.there.branch}" checked' not in page
    assert "<td>Main</td>" in owner.get("/users").text
    assert "Works in" in owner.get("/users/new").text


def test_where_there_is_one_branch_nobody_is_asked_for_any(shop: Shop, signed_in: SignedIn):
    owner = signed_in(shop)
    for page in ("/users/new", "/users"):
        assert "Works in" not in owner.get(page).text
        assert "Branches</th>" not in owner.get(page).text


def test_whoever_works_in_one_branch_chooses_none(chain: Chain, signed_in: SignedIn, mina: UUID):
    owner = signed_in(chain.shop)
    manager = signed_in(chain.shop, "manager", name="Reza")
    reza = next(one.id for one in everybody(chain) if one.name == "Reza")
    fields = {"name": "Reza", "role": "manager", "reach": "chosen", "branches[]": str(chain.here.branch)}
    owner.post(f"/users/{reza}", **fields)
    assert f'<input type="hidden" name="branch" value="{chain.here.branch}"' in manager.get("/inventory/new").text
    assert "Add branch" not in manager.get("/branches").text
    assert manager.post("/branches", code="NEW", name="New").status_code == 403
