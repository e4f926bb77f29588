"""What the listening unit's PrivateNetwork=yes means: an address that anybody reaches, is not."""

import socket
import subprocess
import sys

import pytest

from tests.conftest import needs
from tests.e2e.conftest import NO_NETWORK

REACH = """
import socket, sys
from voice_glimmer.cli import listen
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 3).close()
except OSError as error:
    sys.exit(error.errno)
"""
"""The listening program's modules, trying to reach an address; its exit code is the error."""


@pytest.mark.parametrize(
    ("sandbox", "reached"), [([], True), (NO_NETWORK, False)], ids=["open", "private"]
)
def test_no_address_can_be_reached_from_where_it_listens(sandbox: list[str], reached: bool):
    needs("unshare", "util-linux")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = map(str, server.getsockname())
        tried = subprocess.run([*sandbox, sys.executable, "-c", REACH, *address], check=False)
    assert (tried.returncode == 0) is reached
