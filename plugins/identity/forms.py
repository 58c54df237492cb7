"""What is typed to sign in, and about the people of a shop."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kernel.i18n import _
from plugins.identity.domain.password import LENGTH_MAX
from web.cursors import PageQuery
from web.forms import Code, Email, Form, Line, Uuid


def _writable(secret: str) -> str:
    try:
        secret.encode()
    except UnicodeEncodeError:
        raise ValueError(_("There are characters in this text that cannot be kept.")) from None
    return secret


#: Taken exactly as typed: blanks at its ends and anything else belong to it.
Password = Annotated[str, Field(max_length=LENGTH_MAX), AfterValidator(_writable)]


class SignInForm(Form):
    email: Email
    password: Password
    #: The page to go on to.
    next: Line = "/"


class FirstPasswordForm(Form):
    """A person's own password, instead of the one they were given to begin with."""

    password: Password
    repeated: Password


class ForgotForm(Form):
    email: Email


class ResetForm(FirstPasswordForm):
    """A new password, by what stood in a letter."""

    token: Annotated[str, Field(max_length=100), AfterValidator(_writable)]


class NewPasswordForm(FirstPasswordForm):
    current: Password


Locked = Annotated[str, Field(max_length=500)]
#: What a browser says that a passkey answered, as JSON.
Credential = Annotated[str, Field(max_length=20_000), AfterValidator(_writable)]


class Signed(Form):
    """What a passkey has signed, and the question that it was asked, locked."""

    credential: Credential | None = None
    question: Locked | None = None


class PasskeyForm(Signed):
    next: Line = "/"


class NewPasskeyForm(Form):
    credential: Credential
    question: Locked
    name: Annotated[Line, Field(max_length=60)]


class CodeForm(PasskeyForm):
    """Of an authenticator app, or a recovery code; or what a passkey has signed."""

    code: Code | None = None


class AppForm(Form):
    """The first code of a new app, and the seed that was offered to it, locked."""

    code: Code
    offer: Locked
    next: Line = "/"


class ProofForm(CodeForm):
    """Of whoever has no second factor, their password."""

    password: Password | None = None


class UserForm(Form):
    name: Annotated[Line, Field(max_length=80)]
    role: Literal["owner", "manager", "employee"]
    #: What the shop speaks with them until they choose one themselves; nothing is the shop's own.
    language: Literal["en", "fa"] | None = None
    #: All branches or the chosen ones; without it they stay what they are.
    reach: Literal["all", "chosen"] | None = None
    branches: tuple[Uuid, ...] = ()


class UserQuery(PageQuery):
    """Which of the shop's people, and which page of them."""

    text: Line = ""
    role: Literal["owner", "manager", "employee"] | None = None
    state: Literal["active", "left"] | None = None


class RolesForm(Form):
    """What each role may do, of the permissions that were `shown`; all others stay as they are."""

    shown: tuple[Line, ...] = ()
    manager: tuple[Line, ...] = ()
    employee: tuple[Line, ...] = ()


class SecondStepForm(Form):
    """Does everybody in the shop need a second step to sign in?"""

    required: bool = False


class NewUserForm(UserForm):
    email: Email


class InvitationForm(NewUserForm):
    """Whom to ask to work here, as what."""


class AcceptanceForm(FirstPasswordForm):
    """Somebody who is new to the house: how they are called here, and the password of their account."""

    name: Annotated[Line, Field(max_length=80)]


class PlaceForm(Form):
    """Where to go on: one of one's shops, or, without any, the platform."""

    shop: Uuid | None = None


class PreferencesForm(Form):
    language: Literal["en", "fa"] | None = None
    theme: Literal["system", "light", "dark"] | None = None
    side: Literal["folded", "unfolded"] | None = None
    next: Line = "/"
