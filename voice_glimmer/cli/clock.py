"""The person's own time: "last week" begins at their midnight, summer time or not."""

from __future__ import annotations

import logging
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALTIME = Path("/etc/localtime")

log = logging.getLogger(__name__)


def local_zone(environment: Mapping[str, str], localtime: Path = LOCALTIME) -> tzinfo:
    """Return this machine's time zone, found as the C library does: `TZ`, else /etc/localtime.

    Where there is neither, it is UTC. Where `TZ` is a rule, not a name, or what it names cannot be
    read, today's offset is taken for every day, and that is logged.
    """
    named = environment.get("TZ", "").removeprefix(":")
    if not named and not localtime.exists():
        return ZoneInfo("UTC")
    path = Path(named or localtime)
    try:
        if path.is_absolute():
            with path.open("rb") as file:
                return ZoneInfo.from_file(file)
        return ZoneInfo(named)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        log.warning("the time zone is not known, so its changes are not either: %s", error)
        offset = datetime.now().astimezone().tzinfo
        return offset or ZoneInfo("UTC")
