"""The environment is read once, and what is wrong with it is said in sentences that name the variable."""

from __future__ import annotations

import pytest

from adapters.config import BadConfiguration, Config, libpq_url, sqlalchemy_url

GOOD = {
    "DATABASE_URL": "postgresql://goldsmith_app@db/goldsmith",
    "PLATFORM_DATABASE_URL": "postgresql://goldsmith_platform@db/goldsmith",
    "REDIS_URL": "redis://cache:6379/0",
    "SECRET_KEY": "k" * 32,
}


@pytest.fixture
def environment(monkeypatch):
    for name in Config.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_good_environment_is_a_production(environment):
    config = Config.read()
    assert config.in_production
    assert config.database_url.get_secret_value() == GOOD["DATABASE_URL"]
    assert config.pool_size == 8


def test_production_without_a_database_refuses_with_one_sentence(environment):
    environment.delenv("DATABASE_URL")
    with pytest.raises(BadConfiguration) as refusal:
        Config.read()
    assert str(refusal.value) == (
        "DATABASE_URL is not set: give it the address of your PostgreSQL 18 for the role goldsmith_app,"
        " or start the demo."
    )


def test_an_empty_variable_is_a_missing_one(environment):
    environment.setenv("DATABASE_URL", "")
    with pytest.raises(BadConfiguration, match=r"^DATABASE_URL is not set"):
        Config.read()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("ENVIRONMENT", "staging", "ENVIRONMENT does not fit: it is one of 'development' or 'production'."),
        ("SECRET_KEY", "short", "SECRET_KEY does not fit: it has at least 32 characters."),
        ("POOL_SIZE", "0", "POOL_SIZE does not fit: it is at least 1."),
        (
            "DATABASE_URL",
            "mysql://db",
            "DATABASE_URL is not an address of PostgreSQL, such as postgresql://user@host/name.",
        ),
        (
            "REDIS_URL",
            "http://cache",
            "REDIS_URL is not an address of Redis or Valkey, such as redis://localhost:6379/0.",
        ),
        *(
            ("DOMAIN", host, "DOMAIN is not the name of a host, such as gold.example.com.")
            for host in ("https://gold.example.com", "gold.example.com/", "gold.example.com:https", "a gold shop")
        ),
        (
            "RATE_SOURCE",
            "goldapi",
            "GOLDAPI_KEY is not set: give it the key that GoldAPI gave you, or take goldapi out of RATE_SOURCE.",
        ),
        (
            "RATE_SOURCE",
            "goldapi,bazaar",
            "RATE_SOURCE names other sources than manual, simulated, goldapi, metals_api.",
        ),
    ],
)
def test_a_wrong_variable_is_named_with_what_to_do(environment, variable, value, sentence):
    environment.setenv(variable, value)
    with pytest.raises(BadConfiguration) as refusal:
        Config.read()
    assert str(refusal.value) == sentence


def test_everything_wrong_is_said_at_once(environment):
    environment.delenv("REDIS_URL")
    environment.setenv("POOL_SIZE", "many")
    with pytest.raises(BadConfiguration) as refusal:
        Config.read()
    assert {line.split(" ")[0] for line in str(refusal.value).splitlines()} == {"REDIS_URL", "POOL_SIZE"}


def test_secrets_are_never_shown(environment):
    environment.setenv("DATABASE_URL", "postgresql://goldsmith_app:hunter2@db/goldsmith")
    assert "hunter2" not in repr(Config.read())
    environment.setenv("DATABASE_URL", "mysql://goldsmith_app:hunter2@db")
    with pytest.raises(BadConfiguration) as refusal:
        Config.read()
    assert "hunter2" not in str(refusal.value)


def test_an_address_is_written_for_sqlalchemy_and_for_libpq():
    assert sqlalchemy_url("postgres://u@h/d") == "postgresql+psycopg://u@h/d"
    assert libpq_url("postgresql+psycopg://u@h/d") == "postgresql://u@h/d"
