"""Settings and prompts, changed on a page."""

import tomllib
from html import unescape

import pytest

from tests.review.door import token
from voice_glimmer.faults import Fault
from voice_glimmer.review.choosing import chosen, shown

FILE = """# mine
rate = 160 # slower
backups = "/mnt/share"
"""


def test_what_is_chosen_is_written_and_all_else_stays():
    form = shown(FILE)
    assert chosen(FILE, form) == FILE
    form |= {"pause": "4", "invited_first": "09:00", "quiet_since": "20:15"}
    after = chosen(FILE, form)
    assert after.startswith(FILE)
    assert tomllib.loads(after.removeprefix(FILE)) == {
        "pause": 4.0,
        "invitations": ["9:00"],
        "quiet": "20:15-7:30",
    }
    assert shown(after) == form | {"pause": "4.0"}


def test_an_empty_field_is_the_usual_one():
    assert "rate" not in tomllib.loads(chosen(FILE, shown(FILE) | {"rate": ""}))
    invited = chosen(FILE, shown(FILE) | {"window_since": "9:00", "window_until": "11:00"})
    assert 'invitation_window = "9:00-11:00"' in invited
    again = shown(invited) | {"window_since": "", "window_until": ""}
    assert chosen(invited, again) == FILE


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "1000"},
        {"rate": "fast"},
        {"pause": "nan"},
        {"quiet_since": ""},
        {"invited_first": "25:00"},
        {"rate": "140\nbackups = '/tmp'"},
    ],
)
def test_a_value_that_cannot_be_changes_nothing(door, house, wrong):
    house.settings_file.write_text(FILE)
    with pytest.raises(Fault, match=r"^\w+ is .*Please give"):
        chosen(FILE, shown(FILE) | wrong)
    data = {"csrf": token(door.here, "/settings"), **shown(FILE), **wrong}
    answer = door.here.post("/settings", data=data)
    assert answer.status_code == 422
    assert "Please give" in answer.text
    assert house.settings_file.read_text() == FILE


def test_a_form_that_is_saved_says_so_and_cannot_reach_other_settings(door, house):
    house.settings_file.write_text(FILE)
    data = {"csrf": token(door.here, "/settings"), **shown(FILE)}
    data |= {"pause": "3", "backups": "/mnt", "journal": "/mnt"}
    answer = door.here.post("/settings", data=data, follow_redirects=True)
    assert "It is saved." in answer.text
    assert tomllib.loads(house.settings_file.read_text()) == tomllib.loads(FILE) | {"pause": 3.0}


def test_what_wins_over_the_page_is_told(door, monkeypatch):
    assert "VOICE_GLIMMER_RATE" not in door.here.get("/settings").text
    monkeypatch.setenv("VOICE_GLIMMER_RATE", "150")
    assert "wins over this page: VOICE_GLIMMER_RATE" in door.here.get("/settings").text


def test_a_file_that_cannot_be_read_is_a_sentence(door, house):
    house.settings_file.write_text("rate = ")
    answer = door.here.get("/settings")
    assert (answer.status_code, "cannot be read" in answer.text) == (503, True)


def test_a_prompt_stays_away_and_comes_again_and_ones_own_is_added(door, house):
    csrf = token(door.here, "/prompts")

    def press(path: str, **fields: str):
        data = {"csrf": csrf, **fields}
        return door.here.post(path, data=data, follow_redirects=True)

    press("/prompts/skip", id="warm-sun")
    assert house.prompts.read().skipped == {"warm-sun"}
    page = press("/prompts/allow", id="warm-sun").text
    assert house.prompts.read().skipped == set()
    assert "Where did you last feel the sun?" in page
    assert "[1.5s]" not in page
    refused = press("/prompts", text="no question at all")
    assert refused.status_code == 422
    assert "one question at the end" in unescape(refused.text)
    assert ">no question at all</textarea>" in refused.text
    assert "What moves there?" in press("/prompts", text="Look out. What moves there?").text
    assert press("/prompts/skip", id="nonsense").status_code == 422
