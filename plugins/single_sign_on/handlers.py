"""Without this plugin nobody vouches for the shop's people."""

from __future__ import annotations

from kernel.events import PluginDisabled, PluginEnabled, on
from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.single_sign_on import queries

PLUGIN = "single_sign_on"


@on(PluginDisabled)
def open_own_ways(uow: UnitOfWork, disabled: PluginDisabled) -> None:
    if disabled.plugin == PLUGIN:
        identity.allow_own_ways(uow, True)
        identity.end_confined(uow)


@on(PluginEnabled)
def close_own_ways_again(uow: UnitOfWork, enabled: PluginEnabled) -> None:
    """As the shop had it when the plugin was switched off."""
    if enabled.plugin == PLUGIN and (provider := queries.provider(uow)):
        identity.allow_own_ways(uow, provider.own_ways or not provider.is_on)
