"""Another version from a file: checked, installed beside the former one, and taken back."""

import hashlib
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest

from tests.conftest import needs
from voice_glimmer.appliance import service
from voice_glimmer.appliance.bundle import (
    NAMESPACE,
    SIGNATURE,
    SIGNER,
    SUMS,
    check,
    check_signature,
    unpack,
)
from voice_glimmer.appliance.updating import STEADY_SECONDS, UP_SECONDS, Versions, workroom
from voice_glimmer.cli.update import _run
from voice_glimmer.faults import Fault

DEB = "libgpm2_1%3a20.7~dfsg-10+b1_arm64.deb"
MODEL = "model-small-en-us/am/final.mdl"


def bundle(folder: Path, version: str = "2") -> Path:
    (folder / "wheels").mkdir(parents=True)
    (folder / "VERSION").write_text(f"{version}\n")
    (folder / "wheels" / "voice_glimmer.whl").write_bytes(b"a wheel")
    (folder / DEB).write_bytes(b"a package")
    (folder / MODEL).parent.mkdir(parents=True)
    (folder / MODEL).write_text(f"of {version}")
    sums = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("VERSION", DEB, MODEL, "wheels/voice_glimmer.whl")
    ]
    (folder / SUMS).write_text("".join(sums))
    return folder


def packed(folder: Path) -> Path:
    path = folder.with_suffix(".tar")
    with tarfile.open(path, "w") as tar:
        tar.add(folder, ".")
    return path


def test_what_was_packed_is_checked_and_whole(tmp_path: Path):
    unpack(packed(bundle(tmp_path / "made")), tmp_path / "there")
    check(tmp_path / "there")
    assert (tmp_path / "there" / "wheels" / "voice_glimmer.whl").read_bytes() == b"a wheel"


def changed(folder: Path) -> None:
    (folder / "wheels" / "voice_glimmer.whl").write_bytes(b"another")


def missing(folder: Path) -> None:
    (folder / "VERSION").unlink()


def not_named(folder: Path) -> None:
    (folder / "wheels" / SUMS).touch()


def no_list(folder: Path) -> None:
    (folder / SUMS).unlink()


@pytest.mark.parametrize("harm", [changed, missing, not_named, no_list])
def test_what_is_not_as_it_was_is_refused(tmp_path: Path, harm: Callable[[Path], None]):
    harm(bundle(tmp_path / "made"))
    with pytest.raises(Fault, match=r"hash list is missing|The update is damaged"):
        check(tmp_path / "made")


@pytest.mark.parametrize("kind", ["../out", "/out", "link"])
def test_a_file_that_would_lead_elsewhere_is_refused(tmp_path: Path, kind: str):
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        member = tarfile.TarInfo(kind)
        if kind == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member, BytesIO())
    with pytest.raises(Fault, match="strange files"):
        unpack(tmp_path / "bad.tar", tmp_path / "there")
    assert not list(tmp_path.rglob("out"))


def test_what_is_no_bundle_at_all_is_a_sentence(tmp_path: Path):
    (tmp_path / "none.tar").write_bytes(b"\x00\xff")
    for path in ("none.tar", "missing.tar", "."):
        with pytest.raises(Fault):
            unpack(tmp_path / path, tmp_path / "there")


def test_where_there_is_a_list_of_signers_one_of_them_has_to_have_signed(tmp_path: Path):
    needs("ssh-keygen", "openssh-client")
    made, signers = bundle(tmp_path / "made"), tmp_path / "allowed_signers"
    check_signature(made, signers, _run)  # there is no list
    for name in ("ours", "another"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True
        )
    signers.write_text(f"{SIGNER} {(tmp_path / 'ours.pub').read_text()}")

    def sign(name: str) -> None:
        (made / f"{SUMS}.sig").unlink(missing_ok=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", tmp_path / name, "-n", NAMESPACE, made / SUMS],
            check=True,
            stderr=subprocess.DEVNULL,
        )

    sign("ours")
    check_signature(made, signers, _run)
    sign("another")
    with pytest.raises(Fault, match="signed"):
        check_signature(made, signers, _run)
    (made / f"{SUMS}.sig").unlink()
    with pytest.raises(Fault, match="signed"):
        check_signature(made, signers, _run)


def test_a_list_of_signers_that_is_out_of_reach_lets_nobody_in(tmp_path: Path):
    made, signers = bundle(tmp_path / "made"), tmp_path / "allowed_signers"
    signers.symlink_to(tmp_path / "a-stick-that-is-not-there")
    (made / SIGNATURE).touch()
    with pytest.raises(Fault, match="signed"):
        check_signature(made, signers, _run)


def test_a_program_that_is_not_there_has_not_succeeded():
    assert not _run("no-such-program-here")


def test_what_a_power_cut_left_of_an_update_is_gone_with_the_next_one(tmp_path: Path):
    left = tmp_path / "update" / "wheels" / "half.whl"
    left.parent.mkdir(parents=True)
    left.touch()
    with workroom(tmp_path, 0) as room:
        assert not list(room.iterdir())
    assert not room.exists()


def test_there_is_one_update_at_a_time_and_none_without_room(tmp_path: Path):
    with workroom(tmp_path, 0) as room:
        with pytest.raises(Fault, match="Another update is under way"), workroom(tmp_path, 0):
            pass
        assert room.exists()
    with pytest.raises(Fault, match="MiB free, and 1000000000 are"), workroom(tmp_path, 10**9):
        pass


class PowerCut(BaseException):
    """Nothing happens after it."""


@dataclass
class Machine:
    """One on which commands only happen as far as a version's folder goes.

    Attributes:
        fails: A word of the commands that fail.
        steady: Seconds for which the new version listens each time; it then starts anew.
        says: What it tells systemd as soon as it is ready.
        takes_over: Whether the new version makes the journal one that the former cannot read.
        cut_at: Before which command the power goes.
        unsynced: The versions that a power cut would take.
        synced: The models that it would not.
    """

    root: Path
    fails: str = ""
    steady: float = float("inf")
    says: str = service.LISTENING
    takes_over: bool = False
    up: bool = True
    cut_at: float = float("inf")
    commands: list[tuple[str, ...]] = field(default_factory=list)
    waited: float = 0.0
    unsynced: set[str] = field(default_factory=set)
    synced: set[str] = field(default_factory=lambda: {""})
    taken_over: bool = False

    def __post_init__(self) -> None:
        self.units, self.models = self.root / "units", self.root / "vosk"
        self.units.mkdir(parents=True)
        (self.units / "voice-glimmer.service").write_text("former")
        self.version("former")
        (self.root / "current").symlink_to(self.root / "versions" / "former")

    def version(self, name: str) -> None:
        folder = self.root / "versions" / name
        package = folder / "lib/python3.11/site-packages/voice_glimmer/appliance"
        package.mkdir(parents=True)
        for unit in ("voice-glimmer.service", "voice-glimmer-page.service"):
            (package / unit).write_text(name)

    def run(self, *command: str, stdin: bytes = b"") -> bool:
        if len(self.commands) >= self.cut_at:
            raise PowerCut
        self.commands.append(command)
        if "venv" in command:
            self.version(Path(command[-1]).name)
            self.unsynced.add(Path(command[-1]).name)
        if command == ("sync",):
            self.unsynced.clear()
            self.synced |= {file.read_text() for file in self.models.rglob("final.mdl")}
        if command[:2] == ("systemctl", "stop"):
            self.up = False
        if command[:2] == ("systemctl", "start"):
            self.up = self.runs == "former" or self.steady > 0
            self.taken_over |= self.takes_over and self.runs != "former"
        if "list" in command:
            return not self.taken_over
        return not self.fails or self.fails not in command

    def ask(self, *command: str) -> str:
        self.run(*command)
        stumbles = self.runs != "former" and self.waited % (self.steady + 1) >= self.steady
        state = "active" if self.up and not stumbles else "activating"
        says = service.LISTENING if self.runs == "former" else self.says
        return f"StatusText={says}\nActiveState={state}\n"

    def wait(self, seconds: float) -> None:
        self.waited += seconds

    def update(self, tmp_path: Path, version: str = "2") -> str:
        versions = Versions(
            self.root, self.units, self.models, run=self.run, ask=self.ask, wait=self.wait
        )
        return versions.update(bundle(tmp_path / f"bundle-{version}", version))

    @property
    def runs(self) -> str:
        return (self.root / "current").resolve().name

    @property
    def model(self) -> str:
        path = self.models / "small-en-us" / "am" / "final.mdl"
        return path.read_text() if path.exists() else ""

    @property
    def unit(self) -> str:
        return (self.units / "voice-glimmer.service").read_text()


def test_a_new_version_runs_with_its_own_unit_and_only_the_former_one_is_kept(tmp_path: Path):
    machine = Machine(tmp_path / "opt")
    assert "listens now" in machine.update(tmp_path)
    second = machine.runs
    assert second != "former"
    assert (machine.unit, machine.up) == (second, True)
    # The page's unit was not installed, and is not now; where it runs, it is started anew.
    assert [each.name for each in machine.units.iterdir()] == ["voice-glimmer.service"]
    assert [each[-1] for each in machine.commands if "try-restart" in each] == [
        "voice-glimmer-page.service"
    ]
    machine.update(tmp_path, "3")
    left = {each.name for each in (machine.root / "versions").iterdir()}
    assert left == {second, machine.runs}


def test_the_same_once_more_changes_nothing(tmp_path: Path):
    machine = Machine(tmp_path / "opt")
    machine.update(tmp_path / "one")
    before = machine.commands.copy()
    machine.update(tmp_path / "again")
    assert machine.commands == before


@pytest.mark.parametrize("steady", [0, 1, STEADY_SECONDS - 1])
def test_one_that_does_not_come_up_or_not_for_long_is_taken_back(tmp_path: Path, steady: float):
    machine = Machine(tmp_path / "opt", steady=steady)
    with pytest.raises(Fault, match="The former one is back"):
        machine.update(tmp_path)
    assert machine.waited == UP_SECONDS + STEADY_SECONDS
    assert (machine.runs, machine.unit, machine.up) == ("former", "former", True)


@pytest.mark.parametrize("says", ["Something went wrong that I did not foresee.", ""])
def test_one_that_is_held_after_a_fault_does_not_listen_though_it_is_active(
    tmp_path: Path, says: str
):
    machine = Machine(tmp_path / "opt", says=says)
    with pytest.raises(Fault, match="The former one is back"):
        machine.update(tmp_path)
    assert (machine.runs, machine.unit, machine.up) == ("former", "former", True)


def test_one_whose_microphone_was_switched_off_is_as_well_as_one_that_listens(tmp_path: Path):
    machine = Machine(tmp_path / "opt", says=service.MUTED)
    machine.update(tmp_path)
    assert machine.runs != "former"


def test_a_model_comes_along_with_each_version(tmp_path: Path):
    machine = Machine(tmp_path / "opt")
    for version in ("2", "3"):
        machine.update(tmp_path, version)
        assert machine.model == f"of {version}"
    assert [each.name for each in machine.models.iterdir()] == ["small-en-us"]


@pytest.mark.parametrize("there", [False, True])
def test_a_model_that_came_with_one_that_does_not_listen_goes_with_it(tmp_path: Path, there: bool):
    machine = Machine(tmp_path / "opt", steady=0)
    if there:
        (machine.models / "small-en-us").mkdir(parents=True)
    with pytest.raises(Fault, match="The former one is back"):
        machine.update(tmp_path)
    assert machine.model == ("of 2" if there else "")


def test_it_is_not_taken_back_where_the_former_could_not_read_the_journal_any_more(tmp_path: Path):
    machine = Machine(tmp_path / "opt", steady=0, takes_over=True)
    with pytest.raises(Fault, match="So the new one stays"):
        machine.update(tmp_path)
    assert machine.runs == machine.unit != "former"


@pytest.mark.parametrize("takes_over", [False, True])
def test_whoever_does_not_wait_has_the_former_one_back_if_that_can_read(
    tmp_path: Path, takes_over: bool
):
    machine = Machine(tmp_path / "opt", takes_over=takes_over)

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    machine.wait = interrupt
    with pytest.raises(Fault) as told:
        machine.update(tmp_path)
    assert machine.up
    assert machine.runs == machine.unit
    assert str(told.value).startswith("You did not wait for the new version")
    assert ("So the new one stays" in str(told.value)) == (machine.runs != "former") == takes_over


@pytest.mark.parametrize("cut_at", range(16))
def test_a_power_cut_leaves_a_version_that_is_whole(tmp_path: Path, cut_at: int):
    machine = Machine(tmp_path / "opt", cut_at=cut_at)
    with pytest.raises(PowerCut):
        machine.update(tmp_path)
    assert machine.runs not in machine.unsynced
    assert machine.unit in {"former", machine.runs}
    assert machine.model in machine.synced
    machine.cut_at = float("inf")
    machine.up = True  # systemd starts what there is
    machine.update(tmp_path / "again")
    assert machine.runs == machine.unit != "former"
    assert machine.model == "of 2"


def test_where_it_did_not_listen_before_nothing_is_concluded_from_that(tmp_path: Path):
    machine = Machine(tmp_path / "opt", steady=0, up=False)
    assert "did not listen" in machine.update(tmp_path)
    assert machine.runs != "former"


@pytest.mark.parametrize("step", ["venv", "install", "--help"])
def test_one_that_cannot_be_installed_changes_nothing(tmp_path: Path, step: str):
    machine = Machine(tmp_path / "opt", fails=step)
    with pytest.raises(Fault, match="cannot be installed"):
        machine.update(tmp_path)
    assert machine.runs == "former"
    assert [each.name for each in (machine.root / "versions").iterdir()] == ["former"]
    assert not [each for each in machine.commands if "systemctl" in each]
    assert not machine.models.exists()


def test_one_that_cannot_be_put_in_place_changes_nothing(tmp_path: Path):
    machine = Machine(tmp_path / "opt")
    (machine.root / "current.new").mkdir()
    with pytest.raises(Fault, match="cannot be put in place"):
        machine.update(tmp_path)
    assert (machine.runs, machine.unit, machine.up) == ("former", "former", True)
    assert not machine.model
