"""Models are fetched from a server on loopback that fails in the ways of real ones."""

import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.hearing.shop import FILES, NAME, Shop, opened, packed
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import fetching
from voice_glimmer.hearing.fetching import BLOCK, PAUSES, Source, fetch, offered


@pytest.fixture
def shop() -> Iterator[Shop]:
    with opened(Shop()) as shop:
        yield shop


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def got(shop: Shop, tmp_path: Path, waited: list[float]) -> Callable[[], Path]:
    """Return what fetches the model into a folder."""

    def get(told: Callable[[int], None] = lambda _: None) -> Path:
        source = Source(shop.base, limits=(5, 5), wait=waited.append)
        return fetch(offered("small-en-us", source), tmp_path / "vosk", source, told)

    return get


def there(folder: Path) -> dict[str, bytes]:
    """Return every file of the model in a folder; nothing else may be there."""
    assert [path.name for path in folder.iterdir()] == [NAME]
    model = folder / NAME
    return {
        str(path.relative_to(model)): path.read_bytes()
        for path in model.rglob("*")
        if path.is_file()
    }


def test_it_is_fetched_whole_and_its_progress_told(shop: Shop, got, tmp_path: Path):
    told: list[int] = []
    assert got(told.append) == tmp_path / "vosk" / NAME
    assert there(tmp_path / "vosk") == FILES
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, len(shop.archive))


def test_it_goes_on_where_the_connection_was_lost(shop: Shop, got, tmp_path: Path, waited):
    shop.cuts = [3 * BLOCK + 7, 2 * BLOCK]
    got()
    assert there(tmp_path / "vosk") == FILES
    assert shop.asked == [None, f"bytes={3 * BLOCK}-", f"bytes={5 * BLOCK}-"]
    assert waited == [PAUSES[0]] * 2


def test_it_goes_on_the_next_time_after_ctrl_c(shop: Shop, got, tmp_path: Path):
    def interrupted(here: int) -> None:
        if here:
            raise KeyboardInterrupt

    shop.cuts = [3 * BLOCK]
    with pytest.raises(KeyboardInterrupt):
        got(interrupted)
    assert not (tmp_path / "vosk" / NAME).exists()
    got()
    assert there(tmp_path / "vosk") == FILES
    assert shop.asked == [None, f"bytes={BLOCK}-"]


def test_a_server_without_ranges_sends_it_anew(shop: Shop, got, tmp_path: Path):
    shop.ranges, shop.cuts = False, [3 * BLOCK]
    got()
    assert there(tmp_path / "vosk") == FILES


def test_it_is_not_continued_with_another_file(shop: Shop, got, tmp_path: Path):
    shop.cuts = [3 * BLOCK, 0, 0, 0, 0]
    with pytest.raises(Fault, match=r"\d+% of it is here"):
        got()
    other = FILES | {"am/final.mdl": b"n" * 512_000}
    shop.archive = packed(other)
    got()
    assert shop.asked[-1] is None
    assert there(tmp_path / "vosk")["am/final.mdl"] == other["am/final.mdl"]


def test_a_part_that_does_not_fit_is_fetched_anew_once(shop: Shop, got, tmp_path: Path):
    folder = tmp_path / "vosk"
    folder.mkdir()
    (folder / f".{NAME}.{shop.offer()['md5']}.part").write_bytes(b"something else")
    got()
    assert there(folder) == FILES
    assert shop.asked == ["bytes=14-", None]


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_is_busy_is_asked_again_and_not_for_ever(
    shop: Shop, got, tmp_path: Path, waited, status: int
):
    shop.fails = [status]
    got()
    assert there(tmp_path / "vosk") == FILES
    shop.fails = [status] * 99
    waited.clear()
    with pytest.raises(Fault, match="connection was lost"):
        got()
    assert waited == list(PAUSES)


def test_a_server_that_says_nothing_is_not_waited_for(shop: Shop, tmp_path: Path, waited):
    source = Source(shop.base, limits=(5, 0.1), wait=waited.append)
    offer, late = offered("small-en-us", source), threading.Event()
    shop.before = late.wait
    with pytest.raises(Fault, match="connection was lost"):
        fetch(offer, tmp_path, source, lambda _: None)
    late.set()
    assert waited == list(PAUSES)


def test_what_is_not_there_is_not_asked_for_again(shop: Shop, got, waited):
    shop.fails = [404]
    with pytest.raises(Fault, match="not what the list promised"):
        got()
    assert waited == []


@pytest.mark.parametrize("listed", [{"md5": "0" * 32}, {"size": 1_000}])
def test_what_is_not_as_promised_is_let_go(shop: Shop, got, tmp_path: Path, listed):
    shop.listed = [shop.offer(**listed)]
    with pytest.raises(Fault, match="not what the list promised"):
        got()
    assert not any(path.stat().st_size for path in (tmp_path / "vosk").iterdir())


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (b"<html>", "not as I know it"),
        (b"[" + b" " * fetching.LONGEST_LIST + b"]", "not as I know it"),
        ([{"name": NAME, "md5": "x"}], "not as I know it"),
        ([{"name": "vosk-model-small-fr-0.22"}], "no model called"),
    ],
)
def test_an_odd_list_is_a_sentence(shop: Shop, got, listed, words: str):
    shop.listed = listed
    with pytest.raises(Fault, match=words):
        got()


def test_a_name_that_leads_elsewhere_is_refused(shop: Shop):
    shop.listed = [shop.offer(name="../small-en-us")]
    with pytest.raises(Fault, match="not as I know it"):
        offered("../small-en-us", Source(shop.base))


def test_of_several_the_catalogues_is_meant_and_no_obsolete_one(shop: Shop):
    names = ["vosk-model-small-fr-0.3", "vosk-model-small-fr-0.22", "vosk-model-small-en-us-0.9"]
    shop.listed = [shop.offer(name=name) for name in names] + [shop.offer()]
    shop.listed[0]["obsolete"] = "true"
    source = Source(shop.base)
    assert offered("small-fr", source).name == "vosk-model-small-fr-0.22"
    assert offered("small-fr-0.3", source).name == "vosk-model-small-fr-0.3"
    assert offered("small-en-us", source).name == NAME  # the catalogue's


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "pudding", "http://"])
def test_no_network_is_a_sentence(base: str):
    with pytest.raises(Fault, match="check the connection"):
        offered("small-en-us", Source(base))


def test_two_at_once_do_no_harm(shop: Shop, got, tmp_path: Path):
    refused = []

    def second() -> None:
        shop.before = lambda: None
        with pytest.raises(Fault, match="being fetched") as fault:
            got()
        refused.append(fault)

    shop.before = second
    got()
    assert refused
    assert there(tmp_path / "vosk") == FILES


def test_a_full_disk_is_a_sentence_and_what_is_there_stays(shop: Shop, got, tmp_path: Path):
    # A disk that is full from the first byte on; as of Linux, /dev/full.
    folder = tmp_path / "vosk"
    folder.mkdir()
    part = folder / f".{NAME}.{shop.offer()['md5']}.part"
    part.symlink_to("/dev/full")
    with pytest.raises(Fault, match="No space left on device"):
        got()
    assert part.is_symlink()


def test_what_has_no_room_is_not_begun(shop: Shop, got):
    shop.listed = [shop.offer(size=10**15)]
    with pytest.raises(Fault, match="it needs 953674380 MiB"):
        got()
    assert shop.asked == []


def test_a_model_that_is_there_is_replaced_whole(shop: Shop, got, tmp_path: Path):
    (tmp_path / "vosk" / NAME / "old").mkdir(parents=True)
    (tmp_path / "vosk" / ".unpacking-left" / NAME).mkdir(parents=True)
    got()
    assert there(tmp_path / "vosk") == FILES


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in [
            *((f"{NAME}/{path}", data) for path, data in FILES.items()),
            *entries,
        ]:
            out.writestr(name, content)
    return archive.getvalue()


def link(to: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(f"{NAME}/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def damaged() -> bytes:
    archive = bytearray(packed(FILES))
    archive[1_000] ^= 1
    return bytes(archive)


@pytest.mark.parametrize(
    "archive",
    [
        zipped(("../evil", b"x")),
        zipped((f"{NAME}/../../evil", b"x")),
        zipped(("/evil", b"x")),
        zipped((f"{NAME}\\..\\evil", b"x")),
        zipped(("another/folder", b"x")),
        zipped((link("/etc"), b"/etc")),
        zipped((f"{NAME}/bomb", bytes(80 << 20))),
        zipped(*((f"{NAME}/{number}", b"") for number in range(1_000))),
        zipped((f"{NAME}/am/final.mdl/inside", b"x")),
        packed({"README": b"no model"}),
        damaged(),
        packed(FILES)[:-30],
        b"no zip",
    ],
    ids=[
        *("up", "up inside", "absolute", "backslash", "beside", "link", "bomb", "many", "clash"),
        *("no model", "damaged", "cut", "no zip"),
    ],
)
def test_a_hostile_archive_leaves_nothing(shop: Shop, got, tmp_path: Path, archive: bytes):
    shop.archive = archive
    with pytest.raises(Fault, match="is not that of a model"):
        got()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []
    assert [path.name for path in tmp_path.iterdir()] == ["vosk"]
