"""What stands in the trail as the name of a function or of a table, in people's words."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.i18n import N_, _
from kernel.plugins import Plugins

#: What was done. Jobs have a title of their own; what is not here is called by its plugin.
ACTIONS = {
    "identity.sign_in": N_("Sign-in"),
    "identity.sign_out": N_("Sign-out"),
    "identity.choose_first": N_("First password chosen"),
    "identity.enter_with_first_app": N_("Authenticator app set up"),
    "identity.prove": N_("Confirmed that it is them"),
    "identity.change_own_password": N_("Password changed"),
    "identity.send_letter": N_("New password asked for by e-mail"),
    "identity.choose_anew": N_("New password chosen by e-mail"),
    "identity.add_app": N_("Authenticator app set up"),
    "identity.remove_app": N_("Authenticator app removed"),
    "identity.add_passkey": N_("Passkey added"),
    "identity.remove_passkey": N_("Passkey removed"),
    "identity.require_second_step": N_("Second step of everybody decided"),
    "identity.make_codes": N_("Recovery codes made"),
    "identity.export_users": N_("People exported"),
    "identity.invite_person": N_("Person invited"),
    "identity.invite_again": N_("Invitation sent again"),
    "identity.withdraw_invitation": N_("Invitation withdrawn"),
    "identity.accept_with_new_account": N_("Invitation accepted"),
    "identity.accept_invitation": N_("Invitation accepted"),
    "identity.end_session": N_("Sessions ended"),
    "identity.end_sessions_of_user": N_("Somebody’s sessions ended"),
    "identity.end_all_sessions": N_("Sessions ended"),
    "identity.end_other_sessions": N_("Sessions ended"),
    "identity.end_session_of_admin": N_("Sessions ended"),
    "identity.end_all_sessions_of_admin": N_("Sessions ended"),
    "identity.end_other_sessions_of_admin": N_("Sessions ended"),
    "identity.change_roles": N_("What roles may do changed"),
    "identity.switch_shop": N_("Went to another shop"),
    "identity.send_invitation": N_("Invitation sent"),
    "identity.change_user": N_("Person changed"),
    "identity.let_go": N_("Person let go"),
    "identity.take_back": N_("Person taken back"),
    "identity.prefer": N_("Language chosen"),
    "accounting.add_account": N_("Account added"),
    "accounting.change_account": N_("Account changed"),
    "accounting.book_to": N_("Accounts assigned"),
    "accounting.post_journal": N_("Journal posted"),
    "accounting.reverse_journal": N_("Journal reversed"),
    "accounting.export_ledger": N_("Account exported"),
    "accounting.export_journals": N_("Journals exported"),
    "accounting.export_trial_balance": N_("Trial balance exported"),
    "branches.add_branch": N_("Branch added"),
    "branches.change_branch": N_("Branch changed"),
    "branches.close_branch": N_("Branch closed"),
    "branches.reopen_branch": N_("Branch opened again"),
    "branches.add_till": N_("Till added"),
    "branches.rename_till": N_("Till renamed"),
    "inventory.add_item": N_("Piece added"),
    "inventory.change_item": N_("Piece changed"),
    "inventory.receive_item": N_("Pieces received"),
    "inventory.adjust_item": N_("Stock corrected"),
    "inventory.weigh_item": N_("Piece weighed"),
    "inventory.do_with_many": N_("Many pieces changed"),
    "inventory.undo_bulk_change": N_("Change of many undone"),
    "inventory.add_category": N_("Category added"),
    "inventory.change_category": N_("Category changed"),
    "inventory.remove_category": N_("Category removed"),
    "inventory.bring_file": N_("File of pieces brought"),
    "inventory.enter_file": N_("File of pieces entered"),
    "inventory.export_items": N_("Stock exported"),
    "labels.change_choices": N_("Labels changed"),
    "pos.complete_sale": N_("Sale completed"),
    "pos.void_sale": N_("Sale voided"),
    "pos.exchange_goods": N_("Goods exchanged"),
    "pos.refund_goods": N_("Goods refunded"),
    "pos.change_receipts": N_("Receipts changed"),
    "pos.export_sales": N_("Sales exported"),
    "pos.api_sell": N_("Sale completed by a program"),
    "pos.api_refund": N_("Goods refunded by a program"),
    "pos.api_exchange": N_("Goods exchanged by a program"),
    "pos.api_void": N_("Sale voided by a program"),
    "pricing.add_rate": N_("Rate set"),
    "pricing.take_off_board": N_("Rate taken off the board"),
    "pricing.change_choices": N_("Pricing changed"),
    "pricing.make_quote": N_("Quote made"),
    "pricing.export_quotes": N_("Quotes exported"),
    "pricing.write_rule": N_("Price rule written"),
    "pricing.rewrite_rule": N_("Price rule changed"),
    "pricing.drop_rule": N_("Price rule removed"),
    "pricing.change_terms": N_("Terms of prices changed"),
    "pricing.change_buyback": N_("Terms of buying back changed"),
    "pricing.api_set_rate": N_("Rate set by a program"),
    "pricing.api_add_rule": N_("Price rule written by a program"),
    "pricing.api_change_rule": N_("Price rule changed by a program"),
    "pricing.api_remove_rule": N_("Price rule removed by a program"),
    "programs.add_key": N_("Key for a program made"),
    "programs.end_key": N_("Key of a program revoked"),
    "programs.end_key_of_user": N_("Somebody’s key for a program revoked"),
    "programs.end_program_of_user": N_("Somebody’s program signed out"),
    "programs.stolen_token": N_("Token of a program used twice"),
    "shop.change_shop": N_("Shop changed"),
    "shop.change_logo": N_("Logo changed"),
    "shop.remove_logo": N_("Logo removed"),
    "tenants.open_shop": N_("Shop opened"),
    "tenants.switch_on": N_("Plugin switched on"),
    "tenants.switch_off": N_("Plugin switched off"),
    "tenants.put_on_plan": N_("Plan of a shop changed"),
    "tenants.make_plan": N_("Plan made"),
    "tenants.change_plan": N_("Plan changed"),
    "tenants.archive": N_("Plan archived"),
    "tenants.offer_again": N_("Plan offered again"),
    "tenants.show_users": N_("Looked at the shop’s people"),
    "tenants.send_reset": N_("Letter for a new password sent"),
    "tenants.invite_owner_again": N_("Invitation of an owner sent again"),
    "tenants.change_shop": N_("Shop edited"),
    "tenants.grant_limit": N_("Limit of its own granted"),
    "tenants.end_override": N_("Exception ended"),
    "tenants.begin_paying": N_("Shop active"),
    "tenants.fall_due": N_("Shop past due"),
    "tenants.set_trial": N_("Trial set to another day"),
    "tenants.end_trials": N_("Trials ended"),
    "tenants.schedule_deletion": N_("Shop to be deleted"),
    "tenants.cancel_deletion": N_("Shop kept after all"),
    "tenants.erase": N_("Shop erased"),
    "tenants.erase_shops": N_("Shops erased"),
    "tenants.suspend": N_("Shop suspended"),
    "tenants.reactivate": N_("Shop works again"),
    "jobs.retry": N_("Job tried again"),
    "jobs.retry_kind": N_("Failed jobs tried again"),
    "jobs.drop": N_("Job dropped"),
    "jobs.cancel": N_("Job stopped"),
    "jobs.start": N_("Scheduled work started by hand"),
    "overview.see_fault": N_("Fault seen"),
    "overview.resolve_fault": N_("Fault resolved"),
    "impersonation.choose_user": N_("Names of people shown to an admin"),
    "impersonation.begin": N_("Admin looks as a user"),
    "impersonation.escalate": N_("Admin may change things as a user"),
    "impersonation.leave": N_("Admin left the user’s account"),
    "impersonation.close": N_("Acting for a user ended"),
    "single_sign_on.change_provider": N_("Single sign-on changed"),
    "single_sign_on.link": N_("Account linked to the shop’s provider"),
    "single_sign_on.end_link": N_("Link to the shop’s provider ended"),
    "audit.export_trail": N_("Audit trail exported"),
    "audit.export_platform_trail": N_("Audit trail exported"),
    "audit.keep_months": N_("Keeping of the trail changed"),
    "flags.share_out": N_("Shares of a feature flag decided"),
    "flags.pull_kill_switch": N_("Kill switch on"),
    "flags.release_kill_switch": N_("Kill switch off"),
    "flags.name_shop": N_("Shop named for a feature flag"),
    "flags.let_draw_again": N_("Shop no longer named for a feature flag"),
    "announcements.write_announcement": N_("Announcement written"),
    "announcements.rewrite_announcement": N_("Announcement changed"),
    "announcements.publish_announcement": N_("Announcement published"),
    "announcements.withdraw_announcement": N_("Announcement withdrawn"),
    "announcements.drop_announcement": N_("Draft of an announcement removed"),
    "announcements.copy_announcement": N_("Announcement written"),
    "announcements.keep_template": N_("Template of announcements kept"),
    "announcements.remove_template": N_("Template of announcements removed"),
    "announcements.acknowledge": N_("Announcement acknowledged"),
}

#: What was changed.
TABLES = {
    "deletions": N_("Deletions of shops"),
    "account_roles": N_("Assigned accounts"),
    "accounts": N_("Accounts"),
    "admins": N_("People of the platform"),
    "announcement_templates": N_("Templates of announcements"),
    "announcements": N_("Announcements"),
    "apps": N_("Authenticator apps"),
    "branch_closings": N_("Closed branches"),
    "branches": N_("Branches"),
    "categories": N_("Categories"),
    "flags": N_("Feature flags"),
    "identity_links": N_("Accounts at the shop’s provider"),
    "identity_providers": N_("Provider of sign-ins"),
    "impersonations": N_("Acting for users"),
    "imports": N_("Files brought in"),
    "invitations": N_("Invitations"),
    "item_stones": N_("Stones"),
    "items": N_("Pieces"),
    "logos": N_("Logo"),
    "maintenance": N_("Maintenance"),
    "passkeys": N_("Passkeys"),
    "overrides": N_("Exceptions from the plan"),
    "people": N_("Accounts of people"),
    "plans": N_("Plans"),
    "pricing_rules": N_("Price rules"),
    "program_keys": N_("Keys for programs"),
    "rate_places": N_("Rates on the board"),
    "rates": N_("Rates"),
    "recovery_codes": N_("Recovery codes"),
    "refunds": N_("Refunds"),
    "role_permissions": N_("What roles may do"),
    "sale_voids": N_("Voided sales"),
    "sales": N_("Sales"),
    "settings": N_("Settings"),
    "subscriptions": N_("Subscriptions"),
    "suspensions": N_("Suspensions"),
    "tenants": N_("Shops"),
    "terminals": N_("Tills"),
    "user_branches": N_("Branches of people"),
    "user_departures": N_("People who left"),
    "users": N_("People"),
    "visits": N_("Admins in the shop"),
}

#: Outcome → words, kind of badge, icon.
OUTCOMES = {
    "done": (N_("Done"), "ok", "check"),
    "refused": (N_("Refused"), "warn", "lock"),
    "failed": (N_("Failed"), "bad", "circle-alert"),
}

KINDS = {"create": N_("new"), "change": N_("changed"), "delete": N_("deleted")}

SIGNS = {
    "new_device": N_("A device they never used here"),
    "new_address": N_("A place they never came from"),
    "after_failures": N_("After many wrong passwords"),
    "recovery_code": N_("With a recovery code"),
}


def action_words(plugins: Plugins, action: str) -> str:
    """`Piece changed`; of what nobody put into words, at least what it belongs to: `Stock`."""
    # What a program does has the words of the page that does it; the details name the program.
    for known in (action, action.replace(".api_", ".", 1)):
        if known in ACTIONS:
            return _(ACTIONS[known])
    if worker := plugins.worker(action):
        return _(worker.job.title)
    plugin = plugins.by_name.get(action.partition(".")[0])
    return _(plugin.manifest.title) if plugin else _("Other change")


def called_alike(action: str) -> list[str]:
    """All actions that have the words of this one: people cannot tell them apart, so they are asked for together."""
    words = ACTIONS.get(action)
    return [one for one, said in ACTIONS.items() if said == words] or [action]


def outcome_words(outcome: str) -> tuple[str, str, str]:
    """In words, with the kind of its badge and its icon."""
    words, kind, icon = OUTCOMES.get(outcome, OUTCOMES["failed"])
    return _(words), kind, icon


def sign_words(signs: Iterable[str]) -> tuple[str, ...]:
    return tuple(_(SIGNS[sign]) for sign in signs if sign in SIGNS)


def table_words(table: str) -> str:
    return _(TABLES.get(table, N_("Other")))


def actor_words(kind: str, name: str, *, for_somebody: bool = False) -> str:
    """People by their name; what the house does by itself has none, unless it goes on with what a person began."""
    return _("The system") if kind == "system" and not for_somebody else name
