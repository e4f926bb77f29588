import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from voice_glimmer.faults import Fault
from voice_glimmer.journal.keys import CREDENTIAL, Key, found, made, read, unlocked
from voice_glimmer.journal.places import Sealed

HEX = bytes(range(32)).hex()


class Ring(KeyringBackend):
    """A keyring in memory; one that is locked answers nothing."""

    priority = 1

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()
        self.entries = dict[tuple[str, str], str]()
        self._locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self._locked:
            raise KeyringLocked("dismissed")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    keyring.set_keyring(ring := Ring())
    yield ring
    keyring.set_keyring(before)


def key_file(folder: Path, text: str = HEX, mode: int = 0o600) -> Path:
    path = folder / "a.key"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_key_file_is_read(tmp_path: Path):
    key = read(key_file(tmp_path, f"{HEX}\n"), {})
    assert Key(bytes(range(32))).open(key.seal(b"robin", "a"), "a") == b"robin"


@pytest.mark.parametrize("text", ["", "robin", HEX[:-1], f"{HEX}0", "é" * 64, f"{HEX[:-1]}g"])
def test_what_is_no_key_is_a_sentence_that_does_not_quote_it(tmp_path: Path, text: str):
    with pytest.raises(Fault, match="is no key") as told:
        read(key_file(tmp_path, text), {})
    assert not text or text not in str(told.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int):
    with pytest.raises(Fault, match="chmod 600"):
        read(key_file(tmp_path, mode=mode), {})


def test_where_there_is_none_none_is_made(tmp_path: Path, ring: Ring):
    with pytest.raises(Fault, match="no key file"):
        read(tmp_path / "a.key", {})
    with pytest.raises(Fault, match="no key for the journal"):
        read("keyring", {})
    assert found(tmp_path / "a.key", {}) is found("keyring", {}) is None
    assert list(tmp_path.iterdir()) == []
    assert ring.entries == {}


def test_a_folder_is_no_key_file(tmp_path: Path):
    with pytest.raises(Fault, match="cannot read the key file"):
        read(tmp_path, {})


def test_one_that_is_made_is_private_and_is_read_again(tmp_path: Path, ring: Ring):
    path = tmp_path / "new.key"
    for where in (path, "keyring"):
        made(where)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (entry,) = ring.entries.values()
    assert len(entry) == len(path.read_text().strip()) == 64
    assert entry != path.read_text().strip()
    for where in (path, "keyring"):
        assert read(where, {}).sql == f"x'{entry if where == 'keyring' else path.read_text()[:64]}'"


def test_one_that_is_there_is_not_overwritten(tmp_path: Path):
    path = key_file(tmp_path)
    with pytest.raises(Fault, match="cannot write the key file"):
        made(path)
    assert path.read_text() == HEX


def test_a_credential_of_systemd_is_read(tmp_path: Path):
    (tmp_path / CREDENTIAL).write_text(HEX)
    assert read("credential", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).sql == f"x'{HEX}'"


@pytest.mark.parametrize("environ", [{}, {"CREDENTIALS_DIRECTORY": "/nowhere"}])
def test_a_credential_that_is_not_handed_over_is_a_sentence(environ: dict[str, str]):
    with pytest.raises(Fault, match="systemd has not handed me"):
        read("credential", environ)
    with pytest.raises(Fault, match="cannot make a credential"):
        made("credential")


@pytest.mark.parametrize("backend", [Ring(locked=True), keyring.backends.fail.Keyring()])
def test_a_keyring_that_does_not_answer_is_a_sentence(ring: Ring, backend: KeyringBackend):
    keyring.set_keyring(backend)
    with pytest.raises(Fault, match="cannot ask the desktop's keyring"):
        read("keyring", {})


@pytest.mark.parametrize("lacks", ["sqlcipher3", "cryptography.hazmat.primitives.ciphers.aead"])
def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, lacks: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, lacks, None)
    with pytest.raises(Fault, match=r"pip install -e '.\[encryption\]'"):
        read(key_file(tmp_path), {})


def test_without_a_key_in_the_settings_a_folder_is_a_folder(tmp_path: Path):
    assert unlocked(tmp_path, None, {}) == tmp_path
    place = unlocked(tmp_path, key_file(tmp_path), {})
    assert isinstance(place, Sealed)
    assert place / "a.key" == tmp_path / "a.key"


def test_nothing_is_opened_under_another_name_by_another_key_or_in_part():
    key, other = Key(bytes(32)), Key(bytes(range(32)))
    sealed = key.seal(b"robin", "a")
    assert key.open(sealed, "a") == b"robin"
    assert b"robin" not in sealed
    assert key.seal(b"robin", "a") != sealed
    for wrong, name, content in (
        (key, "b", sealed),
        (other, "a", sealed),
        *((key, "a", sealed[:length]) for length in range(len(sealed))),
    ):
        with pytest.raises(ValueError, match="is damaged"):
            wrong.open(content, name)
