"""What a person at a terminal is told when something that we know about went wrong."""

from __future__ import annotations

import errno

import psycopg
import redis.exceptions
from sqlalchemy.exc import DBAPIError

from adapters.config import BadConfiguration
from adapters.embedded.processes import CannotStart
from kernel.errors import BadInput, GoldsmithError
from kernel.i18n import _
from kernel.plugins import PluginFault


def sentence_for(fault: BaseException) -> str | None:
    """The sentence, or None for what is a mistake of the program and deserves its traceback."""
    match fault:
        case BadInput():
            return "\n".join(f"{field}: {sentence}" if field else sentence for field, sentence in fault.fields.items())
        case BadInput():
            return "\n".join(f"{field}: {sentence}" for field, sentence in fault.fields.items())
        case BadConfiguration() | CannotStart() | GoldsmithError() | PluginFault():
            return str(fault)
        case DBAPIError() if fault.orig is not None:
            return sentence_for(fault.orig)
        case psycopg.errors.DiskFull():
            return _disk_full()
        case OSError() if fault.errno == errno.ENOSPC:
            return _disk_full()
        case psycopg.errors.InvalidPassword() | psycopg.errors.InvalidAuthorizationSpecification():
            return _("The database refused the user or the password: check DATABASE_URL and its sisters.")
        case psycopg.OperationalError() if fault.sqlstate is None:
            return _(
                "The database does not answer: check that it runs and that DATABASE_URL is right ({reason})."
            ).format(reason=_first_line(fault))
        case redis.exceptions.ConnectionError() | redis.exceptions.TimeoutError():
            return _("Redis does not answer: check that it runs and that REDIS_URL is right.")
        case PermissionError():
            return _("{path} cannot be used: it belongs to somebody else; choose another folder or user.").format(
                path=fault.filename
            )
    return None


def _disk_full() -> str:
    return _("The disk is full: make some room and start again.")


def _first_line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0]
