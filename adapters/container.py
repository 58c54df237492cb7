"""The one place that names concrete classes: every port gets its adapter here, and tests override what they must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dependency_injector import containers, providers
from pydantic import SecretStr

from adapters.config import HOUSE, Config, sqlalchemy_url
from adapters.keeping import KeptMonths
from adapters.limits.valkey import ValkeyLimits
from adapters.machine import LocalMachine
from adapters.openid.later import LaterProviders
from adapters.passes.jwt import JwtPasses
from adapters.pdf.typst_printer import TypstPrinter
from adapters.pictures.pillow import PillowPictures
from adapters.presence.valkey import ValkeyPresence
from adapters.rates.in_order import InOrder
from adapters.rates.simulated import SimulatedRates
from adapters.readiness import Readiness
from adapters.safe import AesSafe
from adapters.seal import HmacSeal
from adapters.sessions.memory import MemorySessions
from adapters.signals.valkey import ValkeySignals
from adapters.site import ConfiguredSite
from adapters.valkey import connect
from adapters.waiting import WholeDays
from kernel import i18n
from kernel.clock import Clock, SystemClock
from kernel.mail import Mailer
from kernel.plugins import Offer, Plugins
from kernel.presence import Presence
from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database, open_engine
from plugins.audit.ports import Keeping
from plugins.identity.ports import Limits, SessionCache
from plugins.labels.ports import LabelPrinter
from plugins.overview.ports import Machine
from plugins.pos.ports import Printer, Seal
from plugins.pricing.ports import RateSource
from plugins.programs.ports import Passes
from plugins.shop.ports import Pictures, SheetPrinter
from plugins.single_sign_on.ports import Providers
from plugins.tenants.ports import Waiting
from web.house import House
from web.pace import Pace


def _load_plugins(config: Config, adapters: dict[type[Any], Any]) -> Plugins:
    plugins = Plugins.load(Offer.read(config.plugins_file), adapters)
    i18n.add_locale_dir(HOUSE / "locale")
    for plugin in plugins.by_name.values():
        if (plugin.folder / "locale").is_dir():
            i18n.add_locale_dir(plugin.folder / "locale")
    return plugins


def _rate_source(config: Config, clock: Clock) -> RateSource:
    """The sources that the configuration names, in its order. `manual` is what shops set themselves: no source."""
    made: dict[str, Callable[[], RateSource]] = {
        "simulated": lambda: SimulatedRates(clock),
        "goldapi": lambda: _goldapi(config),
        "metals_api": lambda: _metals_api(config),
    }
    return InOrder([made[name]() for name in config.rate_sources if name in made])


# Imported where they are asked for: an HTTP client takes a tenth of a process's start.


def _goldapi(config: Config) -> RateSource:
    from adapters.rates.goldapi import GoldApi

    return GoldApi(_key(config.goldapi_key))


def _metals_api(config: Config) -> RateSource:
    from adapters.rates.metals_api import MetalsApi

    return MetalsApi(_key(config.metals_api_key))


def _key(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _mailer(config: Config, clock: Clock) -> Mailer:
    if config.mail_url is None:
        from adapters.mail.folder import FolderMailer

        return FolderMailer(config.data_dir / "mail", config.mail_from, clock)
    from adapters.mail.smtp import SmtpMailer

    return SmtpMailer(config.mail_url.get_secret_value(), config.mail_from, clock)


def _site(config: Config) -> Site:
    return ConfiguredSite(config.domain, config.in_production, config.mail_url is not None)


class Container(containers.DeclarativeContainer):
    """One process's objects, made when first asked for."""

    config = providers.Dependency(instance_of=Config)

    clock = providers.Singleton(SystemClock)
    printer = providers.Singleton(TypstPrinter)
    valkey = providers.Singleton(connect, config.provided.redis_url)
    signals = providers.Singleton(ValkeySignals, config.provided.redis_url)
    presence = providers.Singleton(ValkeyPresence, valkey)
    limits = providers.Singleton(ValkeyLimits, valkey, config.provided.sign_in_limit)

    #: Port → adapter: what plugins get when they name the port in a signature.
    ports = providers.Dict(
        {
            Clock: clock,
            SessionCache: providers.Singleton(MemorySessions),
            Limits: limits,
            Providers: providers.Singleton(LaterProviders, config),
            Passes: providers.Singleton(JwtPasses, config.provided.secret_key, config.provided.domain),
            RateSource: providers.Singleton(_rate_source, config, clock),
            Seal: providers.Singleton(HmacSeal, config.provided.secret_key),
            Safe: providers.Singleton(AesSafe, config.provided.secret_key),
            Presence: presence,
            Machine: providers.Singleton(LocalMachine, config.provided.data_dir),
            Mailer: providers.Singleton(_mailer, config, clock),
            Site: providers.Singleton(_site, config),
            Printer: printer,
            SheetPrinter: printer,
            LabelPrinter: printer,
            Waiting: providers.Singleton(WholeDays, config.provided.deletion_wait_days),
            Keeping: providers.Singleton(KeptMonths, config.provided.platform_trail_months),
            Pictures: providers.Singleton(PillowPictures),
        }
    )

    plugins = providers.Singleton(_load_plugins, config, ports)
    shop_engine = providers.Singleton(
        open_engine,
        providers.Callable(sqlalchemy_url, config.provided.database_url),
        pool_size=config.provided.pool_size,
        prepare=config.provided.prepare_statements,
    )
    platform_engine = providers.Singleton(
        open_engine,
        providers.Callable(sqlalchemy_url, config.provided.platform_database_url),
        pool_size=2,
        prepare=config.provided.prepare_statements,
    )
    database = providers.Singleton(Database, shop_engine, platform_engine, clock, plugins, signals)
    readiness = providers.Singleton(Readiness, database, valkey, clock)
    house = providers.Singleton(
        House,
        database=database,
        plugins=plugins,
        domain=config.provided.domain,
        production=config.provided.in_production,
        threads=config.provided.pool_size,
        ready=readiness,
        metrics_token=config.provided.metrics_token,
        signals=signals,
        pace=providers.Singleton(
            Pace,
            limits,
            address=config.provided.api_limit_address,
            user=config.provided.api_limit_user,
            shop=config.provided.api_limit_shop,
        ),
    )


def all_plugins() -> Plugins:
    """What this installation offers, for reading only: every port is bound to nothing."""

    class Anything(dict[type[Any], Any]):
        def __contains__(self, port: object) -> bool:
            return getattr(port, "_is_protocol", False)

        def __missing__(self, port: type[Any]) -> None:
            return None

    return Plugins.load(Offer.read(HOUSE / "plugins.toml"), Anything())


def open_container(config: Config | None = None) -> Container:
    """The objects of one process, by its environment. Raises BadConfiguration or PluginFault with a sentence."""
    return Container(config=config or Config.read())


def open_house(config: Config | None = None) -> House:
    """The installation, for the web and the command line."""
    house: House = open_container(config).house()
    return house
