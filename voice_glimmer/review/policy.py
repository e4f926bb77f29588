"""Who may ask what, and what browsers are told; pure.

After OWASP's cheat sheets on CSRF and HTTP headers, and W3C's Fetch Metadata.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing (RFC 9110, 9.2.1), and need no token."""

RELAYED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""What a proxy adds: its own address says nothing about who asks."""

LOCAL, ANY = "127.0.0.1", "0.0.0.0"  # noqa: S104 - only with pairing

UPLOAD = "/add/voice"
DATA = "/data/"
OPEN = ("/pair", "/static/", "/manifest.webmanifest", "/service-worker.js", "/offline")
"""What is shown to everybody; nothing of the journal is in it."""

FORM_BYTES = 256 * 1024
UPLOAD_BYTES = 20 * 1024 * 1024
"""Ten minutes of 16-bit mono at 16 kHz, and a little more."""

FORM_SECONDS, UPLOAD_SECONDS = 10.0, 120.0
"""How long a body may take: an upload of 20 MiB at 1.5 Mbit/s."""

_CONTENT = {
    **dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'"),
    **dict.fromkeys(("script-src", "style-src", "img-src", "media-src", "font-src"), "'self'"),
    **dict.fromkeys(("connect-src", "manifest-src", "worker-src", "form-action"), "'self'"),
}
_INLINE = "'self' 'unsafe-inline'"
_DATASETTE = {**_CONTENT, "script-src": _INLINE, "style-src": _INLINE, "img-src": "'self' data:"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer", browsers send "Origin: null" with forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """Where the page is served.

    Attributes:
        host: The address that it listens on, such as 0.0.0.0 for all of this machine's.
        port: The port.
        address: The address at which other devices find it.
        names: What this machine is called in the house, such as "kitchen.local".
        pairs: Whether other devices are let in, after pairing.
    """

    host: str
    port: int
    address: str = LOCAL
    names: tuple[str, ...] = ()
    pairs: bool = False

    def __post_init__(self) -> None:
        """Check that nobody else can reach it who has not been let in.

        Raises:
            Fault: They could.
        """
        if not self.pairs and not is_loopback(self.host):
            raise Fault(
                f"At {self.host} other devices could reach the page. Please add --lan, so that "
                "each has to be paired first, or leave --host out."
            )

    @property
    def url(self) -> str:
        """Where the page begins, on this machine."""
        return _url(LOCAL if self.host == ANY else self.host, self.port)

    @property
    def house_url(self) -> str:
        """Where it begins for other devices."""
        return _url(self.address, self.port)

    def url_with(self, code: str) -> str:
        """Return where another device is paired with this code."""
        return f"{self.house_url}pair?code={quote_plus(code)}"


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own, which no other reaches."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_ours(host: str, address: str, bound: Bound) -> bool:
    """Tell whether a `Host` header names this page, and not a site that leads its name here.

    Args:
        host: The header.
        address: The address at which the request arrived.
        bound: Where the page is served.
    """
    names = {_literal(address), "localhost", *bound.names}
    known = {f"{name}:{bound.port}" for name in names} | (names if bound.port == 80 else set())
    return host.lower() in known


def is_local(client: str, header_names: Iterable[str]) -> bool:
    """Tell whether a request comes from this machine itself, and from no proxy on it."""
    return is_loopback(client) and not any(name in RELAYED for name in header_names)


def is_foreign(method: str, headers: Mapping[str, str], origin: str) -> bool:
    """Tell whether another site makes the browser ask, other than by a link that is followed.

    Args:
        method: The request's.
        headers: The request's, names in small letters.
        origin: The page's own.
    """
    if headers.get("origin", origin) != origin:
        return True
    if headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
        return False
    linked = headers.get("sec-fetch-mode") == "navigate"
    return not (method in SAFE and linked and headers.get("sec-fetch-dest") == "document")


def is_open(path: str) -> bool:
    """Tell whether a path is shown to everybody."""
    return any(path == each or (each[-1] == "/" and path.startswith(each)) for each in OPEN)


def headers_for(path: str) -> dict[str, str]:
    """Return what every answer tells the browser."""
    content = _DATASETTE if path.startswith(DATA) else _CONTENT
    allowed = "; ".join(f"{name} {value}" for name, value in content.items())
    return {**HEADERS, "Content-Security-Policy": allowed}


def caching(path: str, query: bytes) -> str:
    """Return a `Cache-Control`: files whose address has a hash last, all else may be private."""
    lasts = path.startswith("/static/") and query.startswith(b"v=")
    return "public, max-age=31536000, immutable" if lasts else "no-store"


def _url(address: str, port: int) -> str:
    return f"http://{_literal(address)}:{port}/"


def _literal(address: str) -> str:
    """Return an address as it stands in an URL (RFC 3986, 3.2.2)."""
    return f"[{address}]" if ":" in address else address
