"""The configuration of one process: environment variables, read once and checked at start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kernel.i18n import N_, _

HOUSE = Path(__file__).resolve().parent.parent
SECRET_KEY_LENGTH_MIN = 32

RATE_SOURCES = ("manual", "simulated", "goldapi", "metals_api")

#: What to do about a variable that is missing: the sentence goes on where "X is not set: " ends.
REMEDIES = {
    "DATABASE_URL": N_("give it the address of your PostgreSQL 18 for the role goldsmith_app, or start the demo."),
    "PLATFORM_DATABASE_URL": N_("give it the same database for the role goldsmith_platform."),
    "MIGRATION_DATABASE_URL": N_("give it the same database for the role goldsmith_migrator; only `migrate` needs it."),
    "ADMIN_DATABASE_URL": N_("give it the same database for an administrator of the server, who may make roles."),
    "REDIS_URL": N_("give it the address of your Redis or Valkey, for example redis://localhost:6379/0."),
    "SECRET_KEY": N_("give it 32 or more random characters and keep them: sessions and stored secrets depend on it."),
    "GOLDAPI_KEY": N_("give it the key that GoldAPI gave you, or take goldapi out of RATE_SOURCE."),
    "METALS_API_KEY": N_("give it the key that Metals-API gave you, or take metals_api out of RATE_SOURCE."),
    "DOMAIN": N_("give it the host name under which people reach this installation."),
}


class BadConfiguration(Exception):
    """The environment does not describe an installation that could run. One sentence for each variable."""


def _postgres_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise PydanticCustomError("address", _("is not an address of PostgreSQL, such as postgresql://user@host/name"))
    return url


def _redis_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
        raise PydanticCustomError(
            "address", _("is not an address of Redis or Valkey, such as redis://localhost:6379/0")
        )
    return url


def _mail_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("smtp://", "smtps://")):
        raise PydanticCustomError(
            "address", _("is not an address of a mail server, such as smtps://user:password@mail.example.com")
        )
    return url


def _sender(named: str) -> str:
    if not re.fullmatch(r"[^<>\r\n]*<[^@<>\s]+@[^@<>\s]+>|[^@<>\s]+@[^@<>\s]+", named.strip()):
        raise PydanticCustomError("address", _("is not a sender, such as Goldsmith <post@example.com>"))
    return named.strip()


def _host(named: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", named):
        raise PydanticCustomError("address", _("is not the name of a host, such as gold.example.com"))
    return named


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]


def _rate_source(named: str) -> str:
    if not set(named.split(",")) <= set(RATE_SOURCES):
        known = ", ".join(RATE_SOURCES)
        raise PydanticCustomError("address", _("names other sources than {known}").format(known=known))
    return named


class Config(BaseSettings):
    """Every variable that Goldsmith reads. `Config.read()` is the way to get one."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True, populate_by_name=True
    )

    #: Production is the default, so that nothing lenient happens because a variable was forgotten.
    environment: Literal["development", "production"] = "production"
    #: The only place that knows the host name. In production nothing is served under another.
    domain: Annotated[str, AfterValidator(_host)] = "localhost"
    secret_key: SecretStr = Field(min_length=SECRET_KEY_LENGTH_MIN)

    database_url: PostgresUrl
    platform_database_url: PostgresUrl
    #: Left out where nothing migrates: a serving process has no rights on the schema, not even by accident.
    migration_database_url: PostgresUrl | None = None
    redis_url: RedisUrl
    #: Off behind a PgBouncer older than 1.21, which mixes up the prepared statements of its clients.
    prepare_statements: bool = True
    #: Connections, and so threads that serve requests, in each process.
    pool_size: int = Field(default=8, ge=1, le=100)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    #: Who scrapes /metrics in production shows this token; without one nobody may.
    metrics_token: SecretStr | None = None
    data_dir: Path = Path("/var/lib/goldsmith")
    plugins_file: Path = HOUSE / "plugins.toml"

    #: The server that takes our letters; without one they are files in `mail` of the data folder, and go nowhere.
    mail_url: Annotated[SecretStr, AfterValidator(_mail_url)] | None = None
    mail_from: Annotated[str, AfterValidator(_sender)] = "Goldsmith <goldsmith@localhost>"

    #: So many whole days a shop that is to be deleted is kept, and can be had back.
    deletion_wait_days: int = Field(default=30, ge=1, le=366)

    #: So many months it is kept who did what on the platform; each shop decides about its own trail.
    platform_trail_months: int = Field(default=84, ge=3, le=240)

    #: How often the API may be asked in an hour: by one network address without a token, by one person, by one shop.
    api_limit_address: int = Field(default=100, ge=1)
    api_limit_user: int = Field(default=1_000, ge=1)
    api_limit_shop: int = Field(default=20_000, ge=1)
    #: How often one network address may try to sign in within a minute.
    sign_in_limit: int = Field(default=5, ge=1, le=1_000)

    #: Names of hosts in a network of one's own, with commas, that a shop's provider of identities may have.
    sign_in_private_hosts: str = ""

    #: Where rates of metal come from beside what shops set: one source, or several with commas, tried in order.
    rate_source: Annotated[str, AfterValidator(_rate_source)] = "manual"
    goldapi_key: SecretStr | None = None
    metals_api_key: SecretStr | None = None

    @model_validator(mode="after")
    def _a_bought_rate_needs_its_key(self) -> Self:
        if "goldapi" in self.rate_sources and self.goldapi_key is None:
            raise PydanticCustomError("needs", "GOLDAPI_KEY")
        if "metals_api" in self.rate_sources and self.metals_api_key is None:
            raise PydanticCustomError("needs", "METALS_API_KEY")
        return self

    @property
    def private_hosts(self) -> frozenset[str]:
        return frozenset(host.strip().lower() for host in self.sign_in_private_hosts.split(",") if host.strip())

    @property
    def rate_sources(self) -> list[str]:
        return self.rate_source.split(",")

    @classmethod
    def read(cls) -> Config:
        """From the environment. Raises BadConfiguration with a sentence for every variable that is wrong."""
        try:
            return cls()
        except ValidationError as wrong:
            raise BadConfiguration("\n".join(_sentence(error) for error in wrong.errors())) from None

    @property
    def in_production(self) -> bool:
        return self.environment == "production"


def sqlalchemy_url(url: SecretStr | str) -> str:
    """The address in SQLAlchemy's form, with the driver that Goldsmith uses."""
    plain = url.get_secret_value() if isinstance(url, SecretStr) else url
    return "postgresql+psycopg://" + plain.split("://", 1)[1]


def libpq_url(url: SecretStr | str) -> str:
    """The address in the form that psql, pg_dump and psycopg read."""
    plain = url.get_secret_value() if isinstance(url, SecretStr) else url
    return "postgresql://" + plain.split("://", 1)[1]


def missing(variable: str) -> str:
    """The sentence for a variable that is not set."""
    return _("{variable} is not set: {remedy}").format(variable=variable, remedy=_(REMEDIES[variable]))


def _sentence(error: ErrorDetails) -> str:
    if error["type"] == "needs":
        return missing(error["msg"])
    variable = str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return missing(variable)
    if error["type"] == "address":
        return f"{variable} {error['msg']}."
    return _("{variable} does not fit: {reason}.").format(variable=variable, reason=_reason(error))


def _reason(error: ErrorDetails) -> str:
    limits: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return _("it is one of {choices}").format(choices=limits["expected"])
        case "too_short" | "string_too_short":
            return _("it has at least {length} characters").format(length=limits["min_length"])
        case "greater_than_equal":
            return _("it is at least {limit}").format(limit=limits["ge"])
        case "less_than_equal":
            return _("it is at most {limit}").format(limit=limits["le"])
        case _:
            return error["msg"].lower()
