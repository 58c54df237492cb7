"""Switch a plugin of a shop on or off. Every process sees it with the shop's next request."""

from __future__ import annotations

from kernel.contributions import Manifest
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.tenants.domain import PluginAlwaysOn, PluginNeeded
from plugins.tenants.store import shops as store


def switch_on(uow: UnitOfWork, name: str) -> tuple[str, ...]:
    """With all that it requires. Answers what was off before, in the order of needs. Raises NotFound."""
    _known(uow, name)
    _alone(uow)
    required = uow.plugins.required_by(name)
    fresh = tuple(one for one in uow.plugins.by_name if one in required and one not in uow.shop.plugins)
    for plugin in fresh:
        store.set_plugin(uow, plugin, enabled=True)
    uow.renew_shop()
    return fresh


def switch_off(uow: UnitOfWork, name: str) -> None:
    """Its data stays. Raises NotFound, PluginAlwaysOn, or PluginNeeded with the names of those that need it."""
    manifest = _known(uow, name)
    if manifest.platform:
        raise PluginAlwaysOn(_(manifest.title))
    _alone(uow)
    if name not in uow.shop.plugins:
        return
    if needing := uow.plugins.needing(name, uow.shop.plugins):
        titles = {other: _(uow.plugins.by_name[other].manifest.title) for other in needing}
        raise PluginNeeded(_(manifest.title), titles)
    store.set_plugin(uow, name, enabled=False)
    uow.renew_shop()


def _known(uow: UnitOfWork, name: str) -> Manifest:
    plugin = uow.plugins.by_name.get(name)
    if plugin is None:
        raise NotFound(_("There is no plugin called “{name}”.").format(name=name))
    return plugin.manifest


def _alone(uow: UnitOfWork) -> None:
    """Raising the version locks the shop's row: of two who switch at once, the second sees what the first did."""
    uow.renew_shop()
