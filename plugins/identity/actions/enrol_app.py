"""An authenticator app becomes a person's second factor."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pyotp

from kernel.errors import RuleBroken
from kernel.i18n import _, language
from kernel.safe import Safe, WrongKey
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.check_code import make_recovery_codes, seed_of, step_of
from plugins.identity.actions.give_code import waiting_person
from plugins.identity.actions.next_stage import let_in
from plugins.identity.actions.sign_in import Entered
from plugins.identity.domain.factor import WrongCode, plain_code
from plugins.identity.domain.letter import About
from plugins.identity.domain.session import Stage, Visitor
from plugins.identity.forms import AppForm

#: What an app shows beside the code.
ISSUER = "Goldsmith"
GOOD_FOR = timedelta(minutes=30)


class OfferIsOver(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("That took too long. Please scan the picture once more."))


@dataclass(frozen=True, slots=True)
class Offer:
    """A seed for an app: as text to be typed, and as the address that a QR code holds.

    Nothing is kept of it until a first code proves that the app has it: `locked` goes to the page and comes back.
    """

    seed: str = field(repr=False)
    address: str = field(repr=False)
    locked: str = field(repr=False)


def offer_app(work: PlatformWork, safe: Safe, person: UUID, shown: str = "") -> Offer:
    """A new seed, or the one that was `shown` on the page a moment ago."""
    try:
        seed, locked = _offered(safe, person, shown, work.now), shown
    except OfferIsOver:
        seed = pyotp.random_base32()
        made = f"{seed} {work.now.timestamp()}".encode()
        locked = base64.urlsafe_b64encode(safe.lock(made, _about(person))).decode()
    address = pyotp.TOTP(seed).provisioning_uri(name=queries.email_of(work, person), issuer_name=ISSUER)
    return Offer(seed, address, locked)


def enrol_app(work: PlatformWork, safe: Safe, person: UUID, form: AppForm) -> list[str]:
    """Answers the recovery codes that were made with a first factor. Raises OfferIsOver, WrongCode, HasApp."""
    seed, step = _confirmed(work, safe, person, form)
    codes = _keep(work, safe, person, seed, step)
    store.put_letter(work, person, About.APP_ADDED, language())
    return codes


def set_up_app(work: PlatformWork, safe: Safe, person: UUID, form: AppForm) -> list[str]:
    """As `enrol_app`, for who is in and has just shown who they are: an app they had is replaced."""
    seed, step = _confirmed(work, safe, person, form)
    store.hold_person(work, person)
    first = not queries.factors(work, person).any
    store.remove_app(work, person)
    store.add_app(work, person, safe.lock(seed.encode(), seed_of(person)), step)
    codes = make_recovery_codes(work, person) if first else []
    store.put_letter(work, person, About.APP_ADDED, language())
    return codes


def _confirmed(work: PlatformWork, safe: Safe, person: UUID, form: AppForm) -> tuple[str, int]:
    """The offered seed, and the step of the first code that its app has shown."""
    seed = _offered(safe, person, form.offer, work.now)
    step = step_of(seed, plain_code(form.code), work.now)
    if step is None:
        raise WrongCode
    return seed, step


def give_app(work: PlatformWork, safe: Safe, email: str, seed: str) -> None:
    """One whose seed is known beforehand: for demos and set-ups, where nobody scans anything."""
    login = queries.login(work, email)
    if login is not None and not queries.factors(work, login.person).any:
        _keep(work, safe, login.person, seed, step=0)


def enrol_app_at_the_door(database: Database, safe: Safe, form: AppForm, visitor: Visitor) -> tuple[Entered, list[str]]:
    """The last step of a sign-in where a second factor is asked for and the person had none."""
    session, login = waiting_person(database, visitor, Stage.ENROL)
    with database.for_platform("enrol an app", tell.as_themselves(session)) as work:
        codes = enrol_app(work, safe, session.person, form)
        token = let_in(work, session)
    tell.did(database, session, "identity.enter_with_first_app")
    tell.entered(database, login, visitor.address, visitor.device, "app")
    return Entered(token, Stage.IN, session.tenant is None), codes


def _keep(work: PlatformWork, safe: Safe, person: UUID, seed: str, step: int) -> list[str]:
    first = not queries.factors(work, person).any
    store.add_app(work, person, safe.lock(seed.encode(), seed_of(person)), step)
    return make_recovery_codes(work, person) if first else []


def _offered(safe: Safe, person: UUID, locked: str, now: datetime) -> str:
    try:
        seed, made = safe.unlock(base64.urlsafe_b64decode(locked.encode()), _about(person)).decode().split(" ")
    except (WrongKey, ValueError) as strange:
        raise OfferIsOver from strange
    if now - datetime.fromtimestamp(float(made), now.tzinfo) > GOOD_FOR:
        raise OfferIsOver
    return seed


def _about(person: UUID) -> str:
    """Locked for one person: nobody confirms a seed that was made for somebody else."""
    return f"offer to {person}"
