"""Switch a plugin of a shop on or off. Every process sees it with the shop's next request."""

from __future__ import annotations

from kernel.contributions import Manifest
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.tenants.domain.override import end_of
from plugins.tenants.domain.plugin import PluginAlwaysOn, PluginNeeded
from plugins.tenants.forms import GrantForm
from plugins.tenants.queries.plans import plan
from plugins.tenants.store import overrides

_FOR_GOOD = GrantForm()


def switch_on(uow: UnitOfWork, name: str, grant: GrantForm = _FOR_GOOD) -> tuple[str, ...]:
    """With all that it requires. Answers what was off before, in the order of needs. Raises NotFound, BadInput."""
    _known(uow, name)
    until = end_of(grant.until, uow.shop.zone, uow.now)
    _alone(uow)
    fresh = coming(uow, name)
    contained = plan(uow, uow.shop.plan).plugins
    for plugin in fresh:
        overrides.end_called(uow, "plugin", plugin)
        # What the plan contains was denied, and is no more; only what is beside the plan has to be granted.
        if plugin not in contained:
            overrides.switch(uow, plugin, enabled=True, because=grant.because, until=until)
    uow.renew_shop()
    return fresh


def switch_off(uow: UnitOfWork, name: str, denial: GrantForm = _FOR_GOOD) -> None:
    """Its data stays. Raises NotFound, BadInput, PluginAlwaysOn, or PluginNeeded with the names of who needs it."""
    manifest = _known(uow, name)
    if manifest.platform:
        raise PluginAlwaysOn(_(manifest.title))
    until = end_of(denial.until, uow.shop.zone, uow.now)
    _alone(uow)
    if name not in uow.shop.plugins:
        return
    if needing := uow.plugins.needing(name, uow.shop.plugins):
        titles = {other: _(uow.plugins.by_name[other].manifest.title) for other in needing}
        raise PluginNeeded(_(manifest.title), titles)
    overrides.end_called(uow, "plugin", name)
    if name in plan(uow, uow.shop.plan).plugins:
        overrides.switch(uow, name, enabled=False, because=denial.because, until=until)
    uow.renew_shop()


def coming(uow: UnitOfWork, name: str) -> tuple[str, ...]:
    """What is off and would come on with it, itself included, in the order of needs."""
    required = uow.plugins.required_by(name)
    return tuple(one for one in uow.plugins.by_name if one in required and one not in uow.shop.plugins)


def _known(uow: UnitOfWork, name: str) -> Manifest:
    plugin = uow.plugins.by_name.get(name)
    if plugin is None:
        raise NotFound(_("There is no plugin called “{name}”.").format(name=name))
    return plugin.manifest


def _alone(uow: UnitOfWork) -> None:
    """Raising the version locks the shop's row: of two who switch at once, the second sees what the first did."""
    uow.renew_shop()
