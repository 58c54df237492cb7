"""The scheduler: looks at the clock and writes outbox rows. Any number may run; a slot starts once."""

from __future__ import annotations

import logging
import signal
import threading
from dataclasses import replace
from datetime import timedelta

from adapters.config import Config
from adapters.container import open_container
from kernel import logs
from kernel.errors import GoldsmithError
from kernel.maintenance import Watch
from kernel.presence import Present, own_name
from kernel.scheduler import start_due, start_platform

log = logging.getLogger(__name__)

PAUSE_S = 5
#: After a stop, what should have started in this time starts once.
LOOK_BACK = timedelta(hours=24)


def keep_time(config: Config | None = None) -> None:
    """Until SIGTERM or SIGINT."""
    config = config or Config.read()
    logs.configure(config.log_level, readable=not config.in_production)
    container = open_container(config)
    database, clock = container.database(), container.clock()
    presence, me = container.presence(), Present("scheduler", own_name(), clock.now(), clock.now())
    watch = Watch()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    since = clock.now() - LOOK_BACK
    while not stopping.is_set():
        until = clock.now()
        presence.tell(replace(me, seen_at=until))
        try:
            if not watch.look(database):  # else it starts when the maintenance is over
                start_platform(database, since, until)
                started = start_due(database, since, until)
                since = until
                if started:
                    log.info("started %s scheduled jobs", started)
        except GoldsmithError as down:
            log.warning("nothing scheduled: %s", down)
        stopping.wait(PAUSE_S)
    presence.leave(me)
    database.close()
