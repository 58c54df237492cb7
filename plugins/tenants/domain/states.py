"""How a shop goes from one state to another: every way there is. What each state allows stands in the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import Conflict
from kernel.i18n import N_, _
from kernel.tenancy import ShopState

#: What people call each.
STATES = {
    ShopState.TRIAL: N_("On trial"),
    ShopState.ACTIVE: N_("Active"),
    ShopState.PAST_DUE: N_("Past due"),
    ShopState.SUSPENDED: N_("Suspended"),
    ShopState.PENDING_DELETION: N_("To be deleted"),
    ShopState.DELETED: N_("Deleted"),
}


class Step(StrEnum):
    """What is done to a shop."""

    BEGIN_PAYING = "begin_paying"
    FALL_DUE = "fall_due"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    SCHEDULE_DELETION = "schedule_deletion"
    CANCEL_DELETION = "cancel_deletion"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step can be taken, and to which it leads; without one, to what the shop was before."""

    since: frozenset[ShopState]
    to: ShopState | None
    refusal: str


_TRIAL, _ACTIVE, _PAST_DUE = ShopState.TRIAL, ShopState.ACTIVE, ShopState.PAST_DUE
_SUSPENDED, _PENDING = ShopState.SUSPENDED, ShopState.PENDING_DELETION

WAYS = {
    Step.BEGIN_PAYING: Way(frozenset({_TRIAL, _PAST_DUE}), _ACTIVE, N_("“{name}” is neither on trial nor past due.")),
    Step.FALL_DUE: Way(frozenset({_TRIAL, _ACTIVE}), _PAST_DUE, N_("“{name}” is neither on trial nor active.")),
    Step.SUSPEND: Way(
        frozenset({_TRIAL, _ACTIVE, _PAST_DUE}), _SUSPENDED, N_("“{name}” is suspended or closed already.")
    ),
    Step.REACTIVATE: Way(frozenset({_SUSPENDED}), None, N_("“{name}” is not suspended.")),
    Step.SCHEDULE_DELETION: Way(
        frozenset({_TRIAL, _ACTIVE, _PAST_DUE, _SUSPENDED}), _PENDING, N_("“{name}” is to be deleted already.")
    ),
    Step.CANCEL_DELETION: Way(frozenset({_PENDING}), None, N_("“{name}” is not to be deleted.")),
    Step.ERASE: Way(frozenset({_PENDING}), ShopState.DELETED, N_("“{name}” is not to be deleted.")),
}


class NotNow(Conflict):
    """A step that cannot be taken from the state the shop is in, or somebody else was quicker."""

    def __init__(self, step: Step, name: str) -> None:
        super().__init__(_(WAYS[step].refusal).format(name=name))
        self.step = step


def check(step: Step, state: ShopState, name: str) -> None:
    """Raises NotNow."""
    if state not in WAYS[step].since:
        raise NotNow(step, name)


def possible(state: ShopState) -> frozenset[str]:
    """What can be done to a shop in this state."""
    return frozenset(step.value for step, way in WAYS.items() if state in way.since)
