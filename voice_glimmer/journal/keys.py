"""The key of an encrypted journal: what it does, and where it is kept.

Nothing here makes a key unless it is asked to: whoever loses one has lost the journal.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voice_glimmer.durable import sync_folder
from voice_glimmer.faults import Fault
from voice_glimmer.journal.places import Sealed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_glimmer.journal.places import Place

Where = Literal["credential", "keyring"] | Path
"""A credential that systemd hands over, the desktop's keyring, or a key file."""

CREDENTIAL = "voice-glimmer.key"
KEYRING = ("voice-glimmer", "journal")
"""The keyring's service and user name."""

_BYTES = 32
_NONCE_BYTES = 12
_HEX = re.compile(rf"[0-9a-fA-F]{{{2 * _BYTES}}}")


class Key:
    """A journal's key.

    The database is SQLCipher's, with these bytes as its raw key, so that any program for SQLCipher
    opens it. Recordings and spool are AES-256-GCM with a key derived from them (HKDF, RFC 5869),
    each piece with a random nonce of 96 bits in front: good for 2**32 pieces (NIST SP 800-38D,
    8.3), which the spool fills in 160 years of an hour a day.

    Args:
        secret: 32 random bytes.

    Raises:
        Fault: What encrypts is not installed.
    """

    def __init__(self, secret: bytes) -> None:
        try:
            import sqlcipher3  # noqa: F401, PLC0415 - an extra
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
            from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415
        except ImportError as error:
            raise Fault(
                "What encrypts a journal is not installed. In the folder of Voice Glimmer, "
                "please run: .venv/bin/pip install -e '.[encryption]'"
            ) from error
        derived = HKDF(SHA256(), _BYTES, salt=None, info=b"voice-glimmer files").derive(secret)
        self.sql = f"x'{secret.hex()}'"
        self._cipher = AESGCM(derived)

    def seal(self, content: bytes, name: str) -> bytes:
        """Encrypt; only under the same name can it be opened."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """Decrypt.

        Raises:
            ValueError: It is damaged, of another key, or of another name.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, name.encode())
        except (InvalidTag, ValueError) as error:
            raise ValueError(f"{name} is damaged, or of another key") from error


def unlocked(folder: Path, where: Where | None, environ: Mapping[str, str]) -> Place:
    """Return a journal's folder, with its key where one is named.

    Raises:
        Fault: The key cannot be read.
    """
    return folder if where is None else Sealed(folder, read(where, environ))


def read(where: Where, environ: Mapping[str, str]) -> Key:
    """Return the key that is kept there.

    Raises:
        Fault: There is none, or it cannot be read; its message says what to do.
    """
    if key := found(where, environ):
        return key
    if where == "keyring":
        raise Fault("There is no key for the journal in the desktop's keyring.")
    raise Fault(f"There is no key file {where}. Please put it there, or name another.")


def found(where: Where, environ: Mapping[str, str]) -> Key | None:
    """Return the key that is kept there; None where there is no such file or entry yet.

    Raises:
        Fault: It cannot be read, is none, or others can read it.
    """
    match where:
        case "credential":
            return _of_credential(environ)
        case "keyring":
            text = _ask_keyring()
            return None if text is None else _key(text, "The entry in the desktop's keyring")
        case path:
            return _of_file(path)


def made(where: Where) -> Key:
    """Make a new key, and return it once it is kept there for good.

    Raises:
        Fault: It cannot be kept there.
    """
    secret = secrets.token_bytes(_BYTES)
    match where:
        case "credential":
            raise Fault("I cannot make a credential of systemd; docs/privacy.md says how.")
        case "keyring":
            _ask_keyring(secret.hex())
        case path:
            _write(path, f"{secret.hex()}\n")
    return Key(secret)


def _of_credential(environ: Mapping[str, str]) -> Key:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    try:
        # Who starts a program by systemd has set these files' modes.
        text = (Path(folder or "") / CREDENTIAL).read_text("ascii") if folder else None
    except (OSError, UnicodeDecodeError):
        text = None
    if text is None:
        raise Fault(
            f"systemd has not handed me the credential {CREDENTIAL}. "
            "Please start me by the service that has it; see docs/privacy.md."
        )
    return _key(text, f"The credential {CREDENTIAL}")


def _of_file(path: Path) -> Key | None:
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    except OSError as error:
        raise Fault(f"I cannot read the key file {path}: {error.strerror}.") from error
    if mode & 0o077:
        raise Fault(f"Others can read the key file {path}. Please run: chmod 600 {path}")
    return _key(text, f"The file {path}")


def _key(text: str, what: str) -> Key:
    if not _HEX.fullmatch(text.strip()):
        raise Fault(f"{what} is no key: that is {2 * _BYTES} hexadecimal digits.")
    return Key(bytes.fromhex(text.strip()))


def _ask_keyring(new: str | None = None) -> str | None:
    """Return what is in the keyring, once `new` is put there if there is one."""
    try:
        import keyring  # noqa: PLC0415 - an extra

        if new is not None:
            keyring.set_password(*KEYRING, new)
        return keyring.get_password(*KEYRING)
    # Its backends let errors of many libraries through.
    except Exception as error:
        raise Fault(
            "I cannot ask the desktop's keyring. Without a desktop that is logged in there is none;"
            " please use a key file or a credential."
        ) from error


def _write(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise Fault(f"I cannot write the key file {path}: {error.strerror}.") from error
