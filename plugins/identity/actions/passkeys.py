"""Passkeys: they are added, they are asked for, and what they answer is checked (WebAuthn, by py_webauthn).

What a key signs is made with the page and locked: nothing is kept until it comes back, and then that it came, so that
it opens once. It is good for one purpose, and for one session where there is one.
"""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from kernel.errors import NotFound
from kernel.i18n import language
from kernel.ids import new_id
from kernel.safe import Safe, WrongKey
from kernel.site import Site
from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions.check_code import make_recovery_codes
from plugins.identity.actions.remove_factor import check_spare, tidy_up
from plugins.identity.domain.letter import About
from plugins.identity.domain.passkey import GOOD_FOR, Passkey, PasskeyRefused, Purpose
from plugins.identity.forms import NewPasskeyForm, Signed

log = logging.getLogger(__name__)

NAME = "Goldsmith"


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is to ask a key (JSON), and the same locked, which comes back with the answer."""

    options: str
    locked: str


def are_possible(site: Site) -> bool:
    """Keys belong to a name; an installation that is reached by number has none."""
    try:
        ip_address(_name(site))
    except ValueError:
        return True
    return False


# The library takes a tenth of a second to load, and most processes never need it.


def ask_to_add(work: PlatformWork, safe: Safe, site: Site, person: UUID, session: UUID) -> Question:
    import webauthn
    from webauthn.helpers import structs

    challenge, locked = _challenge(safe, work.now, Purpose.ADD, session)
    known = [structs.PublicKeyCredentialDescriptor(key.credential_id) for key in queries.passkeys_of(work, person)]
    options = webauthn.generate_registration_options(
        rp_id=_name(site),
        rp_name=NAME,
        user_name=queries.email_of(work, person),
        user_id=person.bytes,
        challenge=challenge,
        exclude_credentials=known,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return Question(webauthn.options_to_json(options), locked)


def add_passkey(
    work: PlatformWork, safe: Safe, site: Site, person: UUID, session: UUID, form: NewPasskeyForm
) -> list[str]:
    """Answers the recovery codes that were made with a first factor. Raises PasskeyRefused, KnownPasskey."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _taken(work, safe, form.question, Purpose.ADD, session)
    try:
        made = webauthn.verify_registration_response(
            credential=form.credential,
            expected_challenge=challenge,
            expected_rp_id=_name(site),
            expected_origin=_origin(site),
        )
        transports = webauthn.helpers.parse_registration_credential_json(form.credential).response.transports or []
    except (WebAuthnException, ValueError, KeyError, TypeError) as strange:
        log.warning("a passkey was not added: %s", strange)
        raise PasskeyRefused from strange
    first = not queries.factors(work, person).any
    store.add_passkey(
        work,
        Passkey(
            new_id(), person, made.credential_id, made.credential_public_key, made.sign_count,
            tuple(one.value for one in transports), form.name, work.now, None,
        ),
    )  # fmt: skip
    codes = make_recovery_codes(work, person) if first else []
    store.put_letter(work, person, About.PASSKEY_ADDED, language())
    return codes


def ask_for(
    safe: Safe, site: Site, now: datetime, purpose: Purpose, session: UUID | None = None, keys: Sequence[Passkey] = ()
) -> Question:
    """One of these keys; without any, whichever the person has here, and that knows who holds it."""
    import webauthn
    from webauthn.helpers import structs

    challenge, locked = _challenge(safe, now, purpose, session)
    alone = purpose is Purpose.SIGN_IN
    verification = structs.UserVerificationRequirement
    options = webauthn.generate_authentication_options(
        rp_id=_name(site),
        challenge=challenge,
        allow_credentials=[
            structs.PublicKeyCredentialDescriptor(
                key.credential_id, transports=[structs.AuthenticatorTransport(one) for one in key.transports]
            )
            for key in keys
        ],
        user_verification=verification.REQUIRED if alone else verification.PREFERRED,
    )
    return Question(webauthn.options_to_json(options), locked)


def check_passkey(
    work: PlatformWork, safe: Safe, site: Site, purpose: Purpose, signed: Signed, session: UUID | None = None
) -> UUID:
    """Whose key has signed this. Alone it stands for a password, too: it has to have seen its holder.

    Raises PasskeyRefused, also for a key that counts backwards: it has been copied.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _taken(work, safe, signed.question or "", purpose, session)
    try:
        answer = webauthn.helpers.parse_authentication_credential_json(signed.credential or "")
        key = queries.passkey(work, answer.raw_id)
        if key is None:
            raise PasskeyRefused
        checked = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_name(site),
            expected_origin=_origin(site),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=purpose is Purpose.SIGN_IN,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as strange:
        log.warning("a passkey was refused: %s", strange)
        raise PasskeyRefused from strange
    store.use_passkey(work, key.id, checked.new_sign_count)
    return key.person


def remove_passkey(work: PlatformWork, person: UUID, passkey: UUID, *, required: bool) -> None:
    """Raises NeedsFactor, NotFound."""
    if all(key.id != passkey for key in queries.passkeys_of(work, person)):
        raise NotFound
    check_spare(work, person, required=required)
    store.remove_passkey(work, passkey)
    tidy_up(work, person)
    store.put_letter(work, person, About.PASSKEY_REMOVED, language())


def _challenge(safe: Safe, now: datetime, purpose: Purpose, session: UUID | None) -> tuple[bytes, str]:
    challenge = secrets.token_bytes(32)
    plain = challenge + int(now.timestamp()).to_bytes(8)
    return challenge, base64.urlsafe_b64encode(safe.lock(plain, _about(purpose, session))).decode()


def _taken(work: PlatformWork, safe: Safe, locked: str, purpose: Purpose, session: UUID | None) -> bytes:
    """The challenge of a page of ours. It comes back once. Raises PasskeyRefused."""
    try:
        plain = safe.unlock(base64.urlsafe_b64decode(locked.encode()), _about(purpose, session))
    except (WrongKey, ValueError) as strange:
        raise PasskeyRefused from strange
    challenge, made = plain[:32], datetime.fromtimestamp(int.from_bytes(plain[32:]), work.now.tzinfo)
    if work.now - made > GOOD_FOR or not store.use_challenge(work, challenge, purpose, session, made + GOOD_FOR):
        raise PasskeyRefused
    return challenge


def _about(purpose: Purpose, session: UUID | None) -> str:
    return f"passkey to {purpose.value} in {session}"


def _origin(site: Site) -> str:
    return site.at("")


def _name(site: Site) -> str:
    return urlsplit(site.at("")).hostname or ""
