"""German as people speak it: what is asked for, and what only sounds like that."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.requests import Order, Request, understand
from voice_glimmer.conversation.sentences import Kind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=BERLIN)  # a Tuesday


@pytest.fixture(scope="module")
def german() -> Language:
    return languages.load("de")


@pytest.mark.parametrize(
    ("text", "where", "since", "until"),
    [
        ("lies die von gestern", "von gestern", (2026, 11, 23), (2026, 11, 24)),
        ("lies die von gestern abend vor", "von gestern Abend", (2026, 11, 23, 18), (2026, 11, 24)),
        ("was habe ich heute erzählt", "von heute", (2026, 11, 24), (2026, 11, 25)),
        ("lies die von letzter woche", "von letzter Woche", (2026, 11, 16), (2026, 11, 23)),
        ("wie viele letzte woche", "von letzter Woche", (2026, 11, 16), (2026, 11, 23)),
        ("wie viele diesen monat", "aus diesem Monat", (2026, 11, 1), (2026, 12, 1)),
        ("lies die vom letzten monat", "aus dem letzten Monat", (2026, 10, 1), (2026, 11, 1)),
        ("zeig mir die vom wochenende", "vom Wochenende", (2026, 11, 21), (2026, 11, 23)),
        ("lies die vom dienstagabend", "von Dienstagabend", (2026, 11, 17, 18), (2026, 11, 18)),
        ("lies den vom dritten mai", "vom dritten Mai", (2026, 5, 3), (2026, 5, 4)),
        ("lies den vom 3. Mai 2025", "vom dritten Mai 2025", (2025, 5, 3), (2025, 5, 4)),
        ("wie viele im märz", "aus dem März", (2026, 3, 1), (2026, 4, 1)),
        ("lies die vom letzten sommer", "aus dem letzten Sommer", (2026, 6, 1), (2026, 9, 1)),
        ("wie viele letzten winter", "aus dem letzten Winter", (2025, 12, 1), (2026, 3, 1)),
        ("lies die vom frühjahr", "aus dem Frühjahr", (2026, 3, 1), (2026, 6, 1)),
        (
            "lies meine glimmer aus zweitausendfünfundzwanzig",
            "aus dem Jahr 2025",
            (2025, 1, 1),
            (2026, 1, 1),
        ),
    ],
)
def test_periods(
    german: Language, text: str, where: str, since: tuple[int, ...], until: tuple[int, ...]
):
    asked = understand(text, NOW, german)
    assert asked.where == where
    assert asked.period.since == datetime(*since, tzinfo=BERLIN)
    assert asked.period.until == datetime(*until, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("lies mir bitte meine glimmer vor", Request(Kind.READ)),
        ("kannst du mir meine glimmer vorlesen", Request(Kind.READ)),
        ("ich möchte gern meinen letzten glimmer hören", Request(Kind.READ, 1)),
        ("kannst du mir den letzten vorspielen", Request(Kind.PLAY, 1)),
        ("lies den letzten in meiner stimme vor", Request(Kind.PLAY, 1)),
        ("lies mir meine drei letzten glimmer vor", Request(Kind.READ, 3)),
        ("spiel die ersten fünf ab", Request(Kind.PLAY, 5, Order.OLDEST)),
        ("der allererste", Request(Kind.READ, 1, Order.OLDEST)),
        ("überrasch mich", Request(Kind.READ, 1, Order.ANY)),
        ("lies mir irgendeinen vor", Request(Kind.READ, 1, Order.ANY)),
        ("meine lieblinge", Request(Kind.READ, 10, favourite=True)),
        ("lies meine Lieblingsglimmer", Request(Kind.READ, 10, favourite=True)),
        (
            "lies den über den abend als er lachte",
            Request(
                Kind.READ,
                1,
                topic="abend lachte",
                topic_said="über den abend als er lachte",
            ),
        ),
        ("lies einen liebling", Request(Kind.READ, 1, Order.ANY, favourite=True)),
        ("lies die unter natur", Request(Kind.READ, 10, tag="natur")),
        ("wie viele glimmer habe ich insgesamt", Request(Kind.COUNT)),
        (
            "lies das mit dem rotkehlchen",
            Request(Kind.READ, 1, topic="rotkehlchen", topic_said="mit dem rotkehlchen"),
        ),
        (
            "lies den über den see noch mal vor",
            Request(Kind.READ, 1, topic="see", topic_said="über den see"),
        ),
        (
            "gibt es glimmer über meine oma",
            Request(Kind.COUNT, 10, topic="oma", topic_said="über deine oma"),
        ),
    ],
)
def test_requests(german: Language, text: str, request_: Request):
    assert understand(text, NOW, german) == request_


@pytest.mark.parametrize(
    "text",
    [
        "heute morgen sang das rotkehlchen vor meinem fenster",
        "gestern kam die sonne für zehn minuten heraus",
        "letzte woche haben die nachbarn suppe gebracht",
        "am dienstag hat mein bruder angerufen",
        "im märz kommt das licht zurück",
        "der erste warme morgen im märz",
        "der letzte bus hat auf mich gewartet",
        "das letzte licht über dem see",
        "der letzte tag am meer",
        "die letzten drei wochen waren schön",
        "der mit dem hut hat mich angelächelt",
        "die mit der gitarre hat gesungen",
        "das mit dem kuchen war eine überraschung",
        "ich habe meiner tochter eine geschichte vorgelesen",
        "wir haben über den witz gelacht",
        "so viele sterne letzte nacht",
        "wie viele vögel heute auf dem draht saßen",
        "wie viele menschen mir heute guten morgen gesagt haben",
        "meine freunde haben mich mit einem kuchen überrascht",
        "ein fremder hat mir mit der schweren tasche geholfen",
        "hilfe kam als das auto nicht ansprang",
        "ja sagte sie und mehr brauchte es nicht",
        "nein sagte er und lachte",
        "wir hielten an um den mond anzuschauen",
        "lass uns atmen sagte sie am meer",
        "was für ein morgen",
        "was war das für ein schöner abend",
        "die glimmer auf dem see heute morgen",
        "meine glimmer handeln alle von der katze",
        "zeig mir den mond sagte mein sohn",
        "gib mir einen kuss sagte meine tochter",
        "erzähl mir etwas schönes sagte oma",
        "spiel mir das lied vom tod lief im radio und wir lachten",
        "sie spielte mir auf der gitarre vor",
        "die katze hat auf meinem schoß geschlafen",
        "kaffee",
        "die kinder wollten noch einmal rutschen",
        "noch einmal schlafen dann ist ostern",
        "weiter hinten im garten blüht der krokus",
        "zurück am meer",
        "lauter vögel im garten",
        "leiser regen auf dem dach",
        "schneller als gedacht war ich zu hause",
        "der nächste bus kam sofort",
        "das ist mein lieblingsplatz am see",
        "ich bin da und die sonne scheint",
        "später regnete es und wir tanzten",
        "heute vor jahren haben wir uns kennengelernt",
        "von wegen schlechtes wetter die sonne schien",
        "ich habe heute nichts vergessen",
        "atmen und den himmel sehen",
        "meine tochter will dass ich ihr alle bücher vorlese",
        "such mir einen aus sagte sie und gab mir die kekse",
        "kannst du mir die sterne zeigen fragte er",
        "lies den brief von oma",
        "erzähl mir den mit dem bären sagte sie",
        "spiel mir den über den mond und er lachte",
        "spiel mit mir sagte der kleine",
        "zeig mir das mit den sternen",
        "erzähl mir das mit dem bären noch mal",
        "ich möchte das meer hören",
        "ich will die vögel hören",
        "nicht jetzt sagte die katze",
        "ich möchte den regen hören",
    ],
)
def test_glimmers(german: Language, text: str):
    assert understand(text, NOW, german) is None


def test_a_day_that_never_is_is_no_request(german: Language):
    text = "lies meine glimmer vom einunddreißigsten april"
    assert german.sentences.match(text)
    assert understand(text, NOW, german) is None
