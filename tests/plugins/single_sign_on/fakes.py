"""The real thing: it speaks with a provider that the tests start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.openid.providers import OpenIdProviders
from plugins.single_sign_on.ports import Providers

PROVIDERS = OpenIdProviders(private_hosts=None)


def adapters() -> Mapping[type[Any], Any]:
    return {Providers: PROVIDERS}
