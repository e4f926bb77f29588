"""The page on a socket: uvicorn, with limits for who is slow, and an end that waits for nobody."""

from __future__ import annotations

import errno
import fcntl
import logging
import signal
import socket
import struct
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from voice_glimmer.faults import Fault
from voice_glimmer.review.guard import Guard
from voice_glimmer.review.policy import ANY, LOCAL, Bound

if TYPE_CHECKING:
    import asyncio

    from starlette.applications import Starlette

    from voice_glimmer.review.live import Live

HEAD_SECONDS = 10.0
"""How long a request's first lines may take."""

KEPT_SECONDS = 30
"""How long a connection waits for its next request; a phone opens new ones slowly."""

MOST_CONNECTIONS = 256
MOST_HEAD_BYTES = 16 * 1024

_OUTSIDE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737); nothing is sent to it."""

_INTERFACES = Path("/proc/net/dev")
_SIOCGIFADDR = 0x8915

log = logging.getLogger(__name__)


def house_address() -> str:
    """Return this machine's address in the house.

    Where no way leads out of it, as with a router that has no line, any address of this machine
    that others can reach will do.

    Raises:
        Fault: It is in no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_OUTSIDE)
            return str(asking.getsockname()[0])
        except OSError:
            # socket.if_nameindex() asks by netlink, which the unit forbids.
            for told in _INTERFACES.read_text().splitlines()[2:]:
                address = _address_of(asking, told.partition(":")[0].strip())
                if address and not ip_address(address).is_loopback:
                    return address
    raise Fault("This machine is in no network just now. Please connect it, or leave --lan out.")


def _address_of(asking: socket.socket, interface: str) -> str:
    """Return an interface's IPv4 address, by netdevice(7), or nothing where it has none."""
    try:
        told = fcntl.ioctl(asking, _SIOCGIFADDR, struct.pack("256s", interface.encode()))
    except OSError:
        return ""
    return socket.inet_ntoa(told[20:24])


def bound(host: str | None, port: int, *, lan: bool) -> Bound:
    """Return where the page is to be served.

    Args:
        host: The address to listen on; None for this machine alone, or with `lan` for all.
        port: The port.
        lan: Whether other devices are let in, after pairing.

    Raises:
        Fault: Others could reach it unpaired, or there is no network.
    """
    host = host or (ANY if lan else LOCAL)
    name = socket.gethostname().lower()
    names = (name, f"{name}.local") if lan else ()
    return Bound(host, port, house_address() if host == ANY else host, names, pairs=lan)


def opened(where: Bound) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        Fault: The port is taken or not to be had, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    try:
        listening = socket.create_server((where.host, where.port), family=family)
        # asyncio does so only for sockets of its own; else small answers wait 40 ms to be sent.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise Fault(_reason(error, where)) from error


def _reason(error: OSError, where: Bound) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {where.port} is in use, perhaps by another page of mine. "
            "Please end that one, or choose another with --port."
        )
    if error.errno == errno.EACCES:
        return f"I may not use port {where.port}. Please choose one above 1023 with --port."
    return f"I cannot listen at {where.host}, port {where.port}. Please check --host and --port."


class Patient(H11Protocol):
    """A connection that is closed where the first lines of a request do not come."""

    seconds = HEAD_SECONDS
    _until: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting until the first lines are there."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._until is None:
            self._until = self.loop.call_later(self.seconds, self.transport.close)

    def _rest(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let those go who listen to what happens; they would stay for ever."""
        self._live.end()
        await super().shutdown(sockets)


def serve(app: Starlette, where: Bound, listening: socket.socket) -> None:
    """Serve the page until the person presses Ctrl-C or the service is told to end."""
    options: dict[str, Any] = {
        "http": Patient,
        "ws": "none",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        # Nobody is believed to speak for somebody else.
        "proxy_headers": False,
        "timeout_keep_alive": KEPT_SECONDS,
        "limit_concurrency": MOST_CONNECTIONS,
        "h11_max_incomplete_event_size": MOST_HEAD_BYTES,
        "timeout_graceful_shutdown": 5,
    }
    server = _Server(uvicorn.Config(Guard(app, where), **options), app.state.live)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run([listening])
    except KeyboardInterrupt:
        log.info("the page has ended")
