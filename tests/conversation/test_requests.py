from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.periods import Period
from voice_glimmer.conversation.requests import ANSWERS, Order, Request, answered, understand
from voice_glimmer.conversation.sentences import Kind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=BERLIN)  # a Tuesday


def days(first: tuple[int, int, int], beyond: tuple[int, int, int]) -> Period:
    return Period(datetime(*first, tzinfo=BERLIN), datetime(*beyond, tzinfo=BERLIN))


def read(limit: int = 5, order: Order = Order.NEWEST, **narrowed: object) -> Request:
    return Request(Kind.READ, limit, order, **narrowed)


def count(**narrowed: object) -> Request:
    return Request(Kind.COUNT, 10 if narrowed else 5, **narrowed)


YESTERDAY = {"period": days((2026, 11, 23), (2026, 11, 24)), "period_said": "from yesterday"}
LAST_WEEK = {"period": days((2026, 11, 16), (2026, 11, 23)), "period_said": "from last week"}
THIS_WEEK = {"period": days((2026, 11, 23), (2026, 11, 30)), "period_said": "from this week"}
TUESDAY = {"period": days((2026, 11, 17), (2026, 11, 18)), "period_said": "from Tuesday"}
MARCH = {"period": days((2026, 3, 1), (2026, 4, 1)), "period_said": "from March"}
SUMMER = {"period": days((2026, 6, 1), (2026, 9, 1)), "period_said": "from last summer"}
THIRD = {"period": days((2026, 5, 3), (2026, 5, 4)), "period_said": "from 3 May"}
MORNING = {
    "period": Period(NOW.replace(hour=0, minute=0), NOW.replace(hour=12, minute=0)),
    "period_said": "from this morning",
}
ON_THIS_DAY = {
    "period": days((1900, 1, 1), (2026, 11, 24)),
    "period_said": "from this day in earlier years",
    "on_day": (11, 24),
}
THAT_YEAR = {"period": days((2025, 1, 1), (2026, 1, 1)), "period_said": "from 2025"}
ROBIN = {"topic": "robin", "topic_said": "about the robin"}
GARDEN = {"topic": "garden", "topic_said": "about the garden"}


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("read my glimmers", read()),
        ("read me my glimmers", read()),
        ("please read me my glimmers", read()),
        ("could you read my glimmers please", read()),
        ("um read my glimmers", read()),
        ("let me hear my glimmers", read()),
        ("what are my glimmers", read()),
        ("read my last glimmer", read(1)),
        ("read me the last one", read(1)),
        ("what was my last glimmer", read(1)),
        ("tell me my latest glimmer", read(1)),
        ("read my most recent glimmer", read(1)),
        ("read my last three glimmers", read(3)),
        ("read the last ten glimmers", read(10)),
        ("read my last few glimmers", read(3)),
        ("read my last 20 glimmers", read(20)),
        ("read the first one ever", read(1, Order.OLDEST)),
        ("read my very first glimmer", read(1, Order.OLDEST)),
        ("read my oldest glimmer", read(1, Order.OLDEST)),
        ("read my first five glimmers", read(5, Order.OLDEST)),
        ("read the three oldest glimmers", read(3, Order.OLDEST)),
        ("surprise me", read(1, Order.ANY)),
        ("read a random one", read(1, Order.ANY)),
        ("read me an old glimmer", read(1, Order.ANY)),
        ("read one of my glimmers", read(1, Order.ANY)),
        ("read a random glimmer from last summer", read(1, Order.ANY, **SUMMER)),
        ("read my glimmers from last week", read(10, **LAST_WEEK)),
        ("read last week's glimmers", read(10, **LAST_WEEK)),
        ("read yesterday's glimmers", read(10, **YESTERDAY)),
        ("read the ones from yesterday", read(10, **YESTERDAY)),
        ("read my glimmers from this morning", read(10, **MORNING)),
        ("read my glimmers from tuesday", read(10, **TUESDAY)),
        ("read my glimmers from last tuesday", read(10, **TUESDAY)),
        ("what were my glimmers on tuesday", read(10, **TUESDAY)),
        ("read the one from the third of may", read(1, **THIRD)),
        ("read the one from may third", read(1, **THIRD)),
        ("read the one from may the third", read(1, **THIRD)),
        ("read my glimmers in march", read(10, **MARCH)),
        ("read the one about the robin", read(1, **ROBIN)),
        ("read me the one about the robin please", read(1, **ROBIN)),
        ("read the ones about the robin", read(10, **ROBIN)),
        ("read the one about the robin to me", read(1, **ROBIN)),
        (
            "read the one about the trip to the sea",
            read(1, topic="trip sea", topic_said="about the trip to the sea"),
        ),
        (
            "read the one about the visit to the children",
            read(1, topic="visit children", topic_said="about the visit to the children"),
        ),
        (
            "read the one about the letter to my sister",
            read(1, topic="letter sister", topic_said="about the letter to your sister"),
        ),
        ("read the robin one", read(1, topic="robin", topic_said="about robin")),
        ("read the ones about march", read(10, topic="march", topic_said="about march")),
        ("read the march ones", read(10, **MARCH)),
        ("read march's glimmers", read(10, **MARCH)),
        ("read my favorites", read(10, favourite=True)),
        ("read my favourite glimmers", read(10, favourite=True)),
        ("read my favourites", read(10, favourite=True)),
        ("read my last favorite", read(1, favourite=True)),
        ("play my last favorite one", Request(Kind.PLAY, 1, favourite=True)),
        ("read me a favorite", read(1, Order.ANY, favourite=True)),
        ("read the ones tagged kindness", read(10, tag="kindness")),
        ("what happened on this day", read(10, **ON_THIS_DAY)),
        ("read my glimmers from twenty twenty five", read(10, **THAT_YEAR)),
        ("read my glimmers from 2025", read(10, **THAT_YEAR)),
        ("play my glimmers", Request(Kind.PLAY)),
        ("play the one about the robin", Request(Kind.PLAY, 1, **ROBIN)),
        ("let me hear my last glimmer in my own voice", Request(Kind.PLAY, 1)),
        ("play my last glimmer in your voice", read(1)),
        ("tag it kindness", Request(Kind.TAG, tag="kindness")),
        ("read my last two glimmers about the robin", read(2, **ROBIN)),
        ("read my glimmers from tuesday about the garden", read(10, **TUESDAY, **GARDEN)),
        ("read my glimmers about the garden from tuesday", read(10, **TUESDAY, **GARDEN)),
        ("read the first one from last week", read(1, Order.OLDEST, **LAST_WEEK)),
        (
            "read the one about my old friend",
            read(1, topic="old friend", topic_said="about your old friend"),
        ),
        ("how many glimmers do i have", count()),
        ("how many glimmers have i kept so far", count()),
        ("how many glimmers are there in total", count()),
        ("how many glimmers", count()),
        ("how many this week", count(**THIS_WEEK)),
        ("how many glimmers do i have from last week", count(**LAST_WEEK)),
        ("how many glimmers did i keep yesterday", count(**YESTERDAY)),
        ("how many in march", count(**MARCH)),
        ("how many do i have about the robin", count(**ROBIN)),
        ("stop", Request(Kind.STOP)),
        ("please stop", Request(Kind.STOP)),
        ("cancel", Request(Kind.CANCEL)),
        ("never mind", Request(Kind.CANCEL)),
        ("help", Request(Kind.HELP)),
    ],
)
def test_requests(language: Language, text: str, request_: Request):
    assert understand(text, NOW, language) == request_


@pytest.mark.parametrize(
    "text",
    [
        "i heard the robin read to its young",
        "read me the news",
        "i read my last glimmer to my mother and she smiled",
        "my daughter read me a story from last summer",
        "we read the one about the bear again before bed",
        "reading in the last light of the day",
        "read a book to my son about robins",
        "read the paper in bed until ten",
        "the first warm morning of march",
        "the first one ever to call me grandpa was leo",
        "the last one in the tin was for me",
        "last week the neighbors brought soup",
        "yesterday the sun came out for ten minutes",
        "this morning the robin sang outside my window",
        "on tuesday my brother called out of nowhere",
        "in march the light comes back",
        "how many birds there were on the wire",
        "how many times she laughed today",
        "how many people said good morning to me this week",
        "so many stars last night",
        "my friends surprised me with a cake",
        "they wanted to surprise me and they did",
        "a surprise visit from my sister",
        "a random stranger smiled at me",
        "someone let me hear their new song",
        "he told me about the garden",
        "tell me a story she said and climbed onto my lap",
        "she helped me with the heavy bag",
        "help came when the car would not start",
        "no queue at the post office today",
        "yes was all she said and it was enough",
        "we stopped to look at the moon",
        "stop and smell the roses they say and i did",
        "the bus driver waited for me",
        "never mind the rain we danced anyway",
        "the glimmers on the lake this morning",
        "my glimmers lately are all about the cat",
        "one of my glimmers is the smell of bread",
        "i thought of the glimmer from last week and smiled",
        "what a morning",
        "what were the odds that we met at the bakery",
        "the third of may was my grandmother's birthday and we lit a candle",
        "the cat slept on my lap",
        "coffee",
        "read the one about the robin to my son and he laughed",
        "tell me about the robin",
        "read the one about the robin to my son",
        "read the one about the robin and he laughed",
        "read the one about the bear before bed",
        "read the one about the tiger to the class",
        "read the one about the dragon to the whole family",
        "play the one about the robin to everyone",
        "the news was good for once",
        "keep it simple my father used to say",
        "",
    ],
)
def test_glimmers(language: Language, text: str):
    assert understand(text, NOW, language) is None


@pytest.mark.parametrize(
    "text",
    [
        "read my glimmers from the thirty first of april",
        "read the one about the",
        "read the ones about the my",
    ],
)
def test_what_cannot_be_looked_up_is_no_request(language: Language, text: str):
    assert language.sentences.match(text)
    assert understand(text, NOW, language) is None


def test_answers_and_requests_are_told_apart(language: Language):
    assert answered("yes", language, ANSWERS) == Request(Kind.YES)
    assert answered("no thank you", language, ANSWERS) == Request(Kind.NO)
    assert answered("read my glimmers", language, ANSWERS) is None
    assert answered("bananas", language, ANSWERS) is None
    assert answered("", language, ANSWERS) is None
    assert understand("yes", NOW, language) is None


def test_now_is_the_persons_own(language: Language):
    new_york = ZoneInfo("America/New_York")
    late = datetime(2026, 11, 23, 23, 30, tzinfo=new_york)
    asked = understand("how many today", late, language)
    assert asked.period.since == datetime(2026, 11, 23, tzinfo=new_york)


SAID = Path(__file__).parent / "said"
GLIMMERS = (SAID / "glimmers.txt").read_text("utf-8").splitlines()
ASKED = [line.split("\t") for line in (SAID / "requests.tsv").read_text("utf-8").splitlines()]
AT_MOST = 0.01
"""Of either taken for the other. Both were written before they were tried."""


def test_what_people_tell_is_hardly_ever_taken_for_a_request(language: Language):
    assert len(GLIMMERS) == len({*GLIMMERS}) >= 300
    taken = [text for text in GLIMMERS if understand(text, NOW, language)]
    assert len(taken) <= AT_MOST * len(GLIMMERS), taken


def test_what_people_ask_for_is_hardly_ever_missed(language: Language):
    assert len(ASKED) == len({text for text, *_ in ASKED}) >= 300
    missed = [text for text, *asked in ASKED if not _is(understand(text, NOW, language), *asked)]
    assert len(missed) <= AT_MOST * len(ASKED), missed


def _is(request: Request | None, kind: str, slots: str) -> bool:
    """Tell whether a request is of this kind and narrowed by these alone."""
    if request is None or request.kind is not Kind(kind):
        return False
    expected = {"topic": "", "period": "", "tag": "", "favourite": "False"}
    expected |= {
        name: said or "True"
        for name, _, said in (each.partition("=") for each in slots.split("; "))
        if name
    }
    found = {
        "topic": request.topic,
        "period": request.period_said,
        "tag": request.tag,
        "favourite": str(request.favourite),
        "limit": str(request.limit),
        "order": request.order.value,
    }
    return all(found[name] == said for name, said in expected.items())
