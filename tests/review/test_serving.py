"""The page on a real socket."""

import asyncio
import socket
import subprocess
import sys

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.conftest import needs
from tests.e2e.conftest import NO_NETWORK
from voice_glimmer.faults import Fault
from voice_glimmer.review.policy import Bound
from voice_glimmer.review.serving import Patient, bound, opened


class Quick(Patient):
    """Waits for a twentieth of a second."""

    seconds = 0.05


async def late(_request) -> PlainTextResponse:
    await asyncio.sleep(4 * Quick.seconds)
    return PlainTextResponse("late")


async def answers(*sent: bytes) -> list[bytes]:
    """Return what comes back, until the server closes, on a connection for each of these."""
    app = Starlette(routes=[Route("/", late)])
    config = uvicorn.Config(app, http=Quick, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        serving = asyncio.create_task(server._serve([listening]))
        got = []
        for each in sent:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(each)
            got.append(await asyncio.wait_for(reader.read(), 30))
            writer.close()
        server.should_exit = True
        await serving
    return got


def test_who_never_says_what_they_want_is_not_waited_for_but_a_slow_answer_is():
    whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    nothing, half, answer = asyncio.run(answers(b"", whole[:20], whole))
    assert (nothing, half) == (b"", b"")
    assert answer.endswith(b"late")


def test_where_the_page_is_served():
    assert bound(None, 8765, lan=False) == Bound("127.0.0.1", 8765)
    house = bound("127.0.0.1", 8765, lan=True)
    assert house.pairs
    assert house.names[1] == f"{house.names[0]}.local"
    with pytest.raises(Fault, match="--lan"):
        bound("0.0.0.0", 8765, lan=False)  # noqa: S104


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Bound("203.0.113.1", 8765, pairs=True), "cannot listen at 203"),
        (Bound("no such name", 8765, pairs=True), "cannot listen at no"),
    ],
)
def test_where_it_cannot_be_served_is_a_sentence(where: Bound, words: str):
    with pytest.raises(Fault, match=words):
        opened(where)


HOUSE = """
import fcntl, socket, struct
from voice_glimmer.review.serving import house_address

try:
    house_address()
except Exception as fault:
    print(fault)
address = struct.pack("16sHH4s8x", b"lo", socket.AF_INET, 0, socket.inet_aton("10.0.2.15"))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as interface:
    fcntl.ioctl(interface, 0x8916, address)  # SIOCSIFADDR
print(house_address())
"""


def test_a_house_without_a_line_has_an_address_too():
    needs("unshare", "util-linux")
    alone = [*NO_NETWORK, sys.executable, "-c", HOUSE]
    done = subprocess.run(alone, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "This machine is in no network just now. Please connect it, or leave --lan out.",
        "10.0.2.15",
    ]


def test_a_port_that_is_taken_is_a_sentence():
    with opened(Bound("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(Fault, match=f"Port {port} is in use"):
            opened(Bound("127.0.0.1", port))


def test_a_small_answer_is_sent_at_once():
    with (
        opened(Bound("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
