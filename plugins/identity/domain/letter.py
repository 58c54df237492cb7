"""What a person is written about their own account."""

from __future__ import annotations

from enum import StrEnum

from kernel.i18n import N_, _

#: What the clock starts every minute, and whoever puts a letter there at once.
SEND_LETTERS = "identity.send_letters"


class About(StrEnum):
    RESET = "reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a letter, no password
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"

    @property
    def words(self) -> str:
        return _(_WORDS[self])


_WORDS = {
    About.RESET: N_("Choose a new password"),
    About.PASSWORD_CHANGED: N_("Your password was changed"),
    About.APP_ADDED: N_("An authenticator app was set up for your account"),
    About.APP_REMOVED: N_("The authenticator app of your account was removed"),
    About.PASSKEY_ADDED: N_("A passkey was added to your account"),
    About.PASSKEY_REMOVED: N_("A passkey of your account was removed"),
    About.CODES_MADE: N_("New recovery codes were made for your account"),
    About.CODE_USED: N_("Somebody signed in with a recovery code of yours"),
}
