"""Whether this process may take requests: what it needs answers, the schema is this code's, and shops are apart."""

from __future__ import annotations

from datetime import datetime, timedelta

from redis import Redis, RedisError

from adapters.bootstrap import migration_folders
from kernel import gate
from kernel.clock import Clock
from kernel.errors import GoldsmithError
from kernel.i18n import _
from kernel.tenancy import system
from kernel.uow import Database

#: The catalogue changes only with a migration; asking it every few seconds would be a waste.
SCHEMA_GOOD_FOR = timedelta(seconds=60)


class Readiness:
    """Call it for the sentences that speak against taking requests; none means ready."""

    def __init__(self, database: Database, valkey: Redis, clock: Clock) -> None:
        self._database = database
        self._valkey = valkey
        self._clock = clock
        self._schema_good_until: datetime | None = None

    def __call__(self) -> list[str]:
        return [*self._of_the_database(), *self._of_the_queue()]

    def _of_the_database(self) -> list[str]:
        now = self._clock.now()
        try:
            with self._database.for_platform("readiness", system("readiness"), read_only=True) as work:
                if self._schema_good_until is not None and now < self._schema_good_until:
                    return []
                from kernel import migrate  # brings Alembic along, which serving itself does not need

                folders = migration_folders(self._database.plugins.offer)
                if missing := sorted(migrate.missing(work.connection, folders)):
                    return [
                        _("The schema is older than this code: run `goldsmith migrate` ({missing}).").format(
                            missing=", ".join(missing)
                        )
                    ]
                found = [f"{breach.rule}: {breach.object}" for breach in gate.breaches(work)]
        except GoldsmithError as refusal:
            return [str(refusal)]
        if not found:
            self._schema_good_until = now + SCHEMA_GOOD_FOR
        return found

    def _of_the_queue(self) -> list[str]:
        try:
            self._valkey.ping()
        except RedisError:
            return [_("Valkey does not answer.")]
        return []
