"""The secrets of a demo: made at its first start, kept in its folder for the owner's eyes only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

#: Without letters and digits that look alike, because somebody will type them.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

#: As authenticator apps read their seeds (RFC 4648).
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class Keys:
    """One secret for each purpose."""

    secret_key: str
    #: Of the database's roles, where the database is not our own child.
    database_password: str
    #: Of the people in the demo.
    admin_password: str
    shop_password: str
    #: Of the administrator's authenticator app: `goldsmith code` stands in for the phone.
    admin_app: str = ""

    @classmethod
    def kept_in(cls, folder: Path) -> Self:
        """The secrets of this folder; those that are missing are made and written down."""
        file = folder / "keys.json"
        kept = json.loads(file.read_text()) if file.exists() else {}
        new = {
            "secret_key": secrets.token_urlsafe(48),
            "database_password": secrets.token_urlsafe(24),
            "admin_password": _password(),
            "shop_password": _password(),
            "admin_app": "".join(secrets.choice(_BASE32) for _place in range(32)),
        }
        keys = cls(**{field.name: kept.get(field.name, new[field.name]) for field in fields(cls)})
        if asdict(keys) != kept:
            write_private(file, asdict(keys))
        return keys


def write_private(file: Path, content: Any) -> None:
    """Write JSON that only the owner may read, all of it or nothing."""
    unfinished = file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        json.dump(content, written, indent=2, ensure_ascii=False)
        written.write("\n")
    unfinished.rename(file)


def _password() -> str:
    return "-".join("".join(secrets.choice(_READABLE) for _place in range(4)) for _group in range(3))
