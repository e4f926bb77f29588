"""A machine whose clocks a test moves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Pi:
    """A machine without a clock chip that has just been started, long ago as it believes."""

    boot: str = "one"
    wall_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    seconds: float = 20.0
    synchronised: bool = False
    clock_chip: bool = False

    def wall(self) -> datetime:
        return self.wall_at

    def since_boot(self) -> float:
        return self.seconds

    def is_synchronised(self) -> bool:
        return self.synchronised

    def has_clock_chip(self) -> bool:
        return self.clock_chip

    def runs(self, seconds: float) -> None:
        self.wall_at += timedelta(seconds=seconds)
        self.seconds += seconds

    def hears_of_the_time(self, now: datetime) -> None:
        self.wall_at, self.synchronised = now, True
