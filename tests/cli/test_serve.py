"""The page as a person starts it: the real command, a real socket."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.cli.test_app import COMMAND, refused, run
from tests.journal.kept import keep
from voice_glimmer.journal import Journal


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the page; yield the command and where the page is."""
    process = subprocess.Popen(
        [
            COMMAND,
            "serve",
            "--journal",
            str(home / "journal"),
            "--port",
            str(free_port()),
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"HOME": str(home), "TMPDIR": str(home)},
    )
    try:
        assert process.stdout
        found = re.search(r"http://\S+:\d+/", process.stdout.readline())
        assert found
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def test_what_another_program_keeps_appears_and_ctrl_c_waits_for_nobody(tmp_path: Path):
    with served(tmp_path) as (process, page), httpx2.stream("GET", f"{page}live") as live:
        told = live.iter_lines()
        assert any(line == "data: away" for line in told)
        with closing(Journal(tmp_path / "journal")) as journal:
            number = keep(journal)
        assert any(line == f"data: {number}" for line in told)
        process.send_signal(signal.SIGINT)
        assert not any(line.startswith("data") for line in told)
        assert process.stdout
        assert process.stdout.read().splitlines() == ["Goodbye."]
        assert process.wait(30) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_the_words_it_prints_let_one_device_in_which_is_listed_and_shut_out(tmp_path: Path):
    at = ("--journal", str(tmp_path / "journal"))
    with served(tmp_path, "--lan", "--host", "127.0.0.1") as (process, page):
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        code = next(line for line in lines if re.fullmatch(r" {4}(\S+ ){5}\S+\n", line)).strip()
        # As through a proxy on this machine, which is not taken for it.
        elsewhere = {"x-forwarded-for": "192.168.1.7", "user-agent": "iPhone"}
        with httpx2.Client(base_url=page, headers=elsewhere) as phone:
            assert phone.get("/").headers["location"] == "/pair"
            token = re.search(r'name="csrf" value="(\w+)"', phone.get("/pair").text)
            assert token
            form = {"csrf": token[1], "code": code, "name": "iPhone"}
            assert phone.post("/pair", data=form).status_code == 303
            assert phone.get("/").status_code == 200
            listed = run("serve", "devices", *at, home=tmp_path).stdout
            assert "iPhone, paired on" in listed
            gone = run("serve", "devices", "revoke", listed.split()[0], *at, home=tmp_path)
            assert gone.stdout == "iPhone is let in no more.\n"
            assert phone.get("/").status_code == 303
    assert run("serve", "devices", *at, home=tmp_path).stdout == "No other device is let in.\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "add --lan"),  # noqa: S104
        (("--host", "203.0.113.1", "--lan"), "cannot listen"),
        (("--host", "203.0.113.1", "--lan", "--datasette"), "leave --host out"),
        (("devices", "revoke", "nobody"), 'No device is called "nobody"'),
    ],
)
def test_what_cannot_be_served_is_one_sentence(tmp_path: Path, options: tuple, words: str):
    refused(run("serve", *options, home=tmp_path), words)


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(run("serve", "--port", port, home=tmp_path), f"Port {port} is in use")
