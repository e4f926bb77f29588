"""What hostile sites, strangers in the house and broken browsers try at the door."""

import asyncio
import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.review.conftest import NOW
from tests.review.door import HERE, PORT, Door, token
from voice_glimmer.clock import Certain
from voice_glimmer.faults import Fault
from voice_glimmer.review import policy
from voice_glimmer.review.guard import Limits
from voice_glimmer.review.pairing import TRIES
from voice_glimmer.review.policy import Bound

CROSS = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
LINKED = {
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}
HEADERS = ["host", "origin", "cookie", "sec-fetch-site", "x-csrf-token", "content-type"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "kitchen.local", ""])  # noqa: S104
def test_without_pairing_only_this_machine_is_served(host: str):
    with pytest.raises(Fault, match="--lan"):
        Bound(host, PORT)
    assert Bound(host, PORT, pairs=True)


def test_this_machine_needs_no_pairing_and_another_does(door):
    assert door.here.get("/").status_code == 200
    there = door.visitor()
    answer = there.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/pair")
    assert there.get("/", headers={"sec-fetch-mode": "cors"}).status_code == 401
    assert there.post("/add", data={"text": "x"}).status_code == 401
    assert door.paired().get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/devices", "/sound/1", "/live", "/data/journal", "/nowhere"]
)
def test_a_stranger_sees_nothing_of_the_journal(door, path: str):
    assert door.visitor().get(path).status_code == 303
    assert door.visitor().get(path.upper()).status_code == 303
    assert door.visitor().get(f"/static/..{path}").status_code in {303, 404}
    assert door.visitor().get(f"/static/%2e%2e{path}").status_code in {303, 404}
    assert door.visitor().get(f"/pair/..{path}").status_code == 303


@pytest.mark.parametrize("header", policy.RELAYED)
def test_a_proxy_on_this_machine_is_not_taken_for_it(door, header: str):
    assert door.here.get("/", headers={header: "127.0.0.1"}).status_code == 303


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", ""),
        *(f"127.0.0.1:{PORT}@evil.example", f"127.0.0.1.evil.example:{PORT}", f"10.0.0.1:{PORT}"),
    ],
)
def test_a_name_that_was_led_here_is_refused(door, host: str):
    answer = door.here.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "does not go by that name" in answer.text


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"KITCHEN.local:{PORT}", f"{HERE}:{PORT}"])
def test_the_page_goes_by_its_names(door, host: str):
    assert door.here.get("/", headers={"host": host}).status_code == 200


def test_another_site_can_link_here_and_do_nothing_else(door):
    assert door.here.get("/", headers=LINKED).status_code == 200
    assert door.here.get("/", headers={**LINKED, "sec-fetch-dest": "iframe"}).status_code == 403
    assert door.here.get("/sound/1", headers=CROSS).status_code == 403
    assert door.here.get("/", headers={**CROSS, "sec-fetch-site": "same-site"}).status_code == 403
    for origin in ("http://evil.example", "null", f"https://{HERE}:{PORT}", f"http://{HERE}"):
        assert door.here.get("/", headers={"origin": origin}).status_code == 403


def test_a_change_needs_the_visitors_own_token(door):
    code = {"csrf": token(door.here, "/devices")}
    assert door.here.post("/devices/code", data=code).status_code == 200
    there = door.paired()
    for wrong in ({}, {"csrf": ""}, {"csrf": token(there, "/devices")}, {"csrf": "é"}):
        assert door.here.post("/devices/code", data=wrong).status_code == 403
    assert door.here.post("/devices/code", data=code, headers=LINKED).status_code == 403
    evil = {"origin": "http://evil.example"}
    assert door.here.post("/devices/code", data=code, headers=evil).status_code == 403
    own = {"origin": f"http://{HERE}:{PORT}", "x-csrf-token": code["csrf"]}
    assert door.here.post("/devices/code", headers=own).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_no_other_method_comes_by_without_a_token(door, method: str):
    answer = door.here.request(method, "/devices/code")
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_every_answer_tells_the_browser_what_not_to_do(door):
    answers = [
        door.here.get("/"),
        door.here.get("/nowhere"),
        door.here.get("/", headers={"host": "evil.example"}),
        door.here.post("/devices/code"),
        door.visitor().get("/"),
    ]
    for answer in answers:
        assert all(answer.headers[name] == value for name, value in policy.HEADERS.items())
        content = answer.headers["content-security-policy"]
        assert "default-src 'none'" in content
        assert "unsafe" not in content
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?! defer src)|<style| style=| on\w+=", answer.text)


def test_a_cookie_is_no_scripts_and_no_other_sites(door):
    there = door.visitor()
    given = there.post(
        "/pair", data={"csrf": token(there, "/pair"), "code": door.app.state.pairing.offer()}
    ).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(given.split("; "))
    assert "Secure" not in given
    assert "Domain" not in given


def test_a_cookie_lasts_from_its_last_day_of_use(house):
    days = [NOW]
    with closing(Door(replace(house, clock=Certain(lambda: days[0])))) as door:
        there = door.paired()
        assert "set-cookie" not in there.get("/").headers
        days[0] += timedelta(days=1)
        assert "Max-Age=34560000" in there.get("/").headers["set-cookie"]
        assert "set-cookie" not in there.get("/").headers
        (device,) = door.app.state.devices.all()
        assert (device.paired, device.seen) == (NOW.date(), days[0].date())


def test_a_cookie_that_was_planted_is_worth_nothing_after_pairing(door):
    there = door.visitor()
    there.cookies.set("glimmer", "planted")
    code = door.app.state.pairing.offer()
    there.post("/pair", data={"csrf": token(there, "/pair"), "code": code})
    assert there.get("/").status_code == 200
    planted = door.visitor("192.168.1.66")
    planted.cookies.set("glimmer", "planted")
    assert planted.get("/").status_code == 303


def test_who_is_shut_out_is_out_at_once(door):
    there, here = door.paired(), door.here
    (device,) = door.app.state.devices.all()
    form = {"csrf": token(here, "/devices"), "id": device.id}
    assert here.post("/devices/shut-out", data=form).status_code == 303
    assert there.get("/").status_code == 303
    assert "No other device" in here.get("/devices").text


def test_guessing_the_code_is_slowed_down_and_waiting_helps(door):
    there, code = door.visitor(), door.app.state.pairing.offer()
    form = {"csrf": token(there, "/pair"), "code": "acid acid acid acid acid acid"}
    answers = [there.post("/pair", data=form).status_code for _ in range(TRIES + 1)]
    assert answers == [403] * TRIES + [429]
    assert there.post("/pair", data={**form, "code": code}).status_code == 429
    assert door.visitor("192.168.1.8").post("/pair", data={**form, "code": code}).status_code == 303


def test_what_is_typed_at_the_door_is_shown_as_text(door):
    hostile = '"><script>alert(1)</script>'
    assert "<script>alert" not in door.visitor().get("/pair", params={"code": hostile}).text
    there, code = door.visitor(), door.app.state.pairing.offer()
    form = {"csrf": token(there, "/pair"), "code": code, "name": hostile}
    assert there.post("/pair", data=form).status_code == 303
    assert "<script>alert" not in there.get("/devices").text


def test_a_form_too_large_is_refused_before_and_after_it_is_read(door):
    most = policy.FORM_BYTES
    assert door.here.post("/pair", content=b"x" * (most + 1)).status_code == 413

    def chunks():
        for _ in range(most // 1024 + 2):
            yield b"x" * 1024

    assert door.here.post("/pair", content=chunks()).status_code == 413
    assert door.here.post("/pair", headers={"content-length": "-1"}).status_code == 413


def test_a_form_that_never_ends_is_refused(house):
    door = Door(house, form=Limits(1_000, 0.01))
    sent = list[dict]()

    async def receive() -> dict:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/pair",
        "query_string": b"",
        "headers": [(b"host", f"{HERE}:{PORT}".encode()), (b"content-length", b"10")],
        "client": (HERE, 1),
        "server": (HERE, PORT),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }
    asyncio.run(door.guard(scope, receive, send))
    door.close()
    assert sent[0]["status"] == 408


@given(
    st.sampled_from(["GET", "POST", "HEAD"]),
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    st.dictionaries(
        st.sampled_from(HEADERS),
        st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    ),
)
def test_no_stranger_ever_gets_more_than_the_door(shared_door, method: str, path: str, headers):
    path = "/" + path.lstrip("/?#")
    there = shared_door.visitor()
    answer = there.request(method, path, headers=headers)
    opened = policy.is_open(answer.request.url.path)
    assert answer.status_code in {303, 401, 403, 413, 421} or opened, answer
    assert answer.status_code < 500
