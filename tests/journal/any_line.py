"""Any glimmer, for properties that hold for every one."""

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from voice_glimmer.journal.lines import Line, Word, Wording
from voice_glimmer.journal.which import as_tag

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
first, last = map(datetime.fromisoformat, ("0002-01-01", "9998-12-31"))
moments = st.datetimes(first, last, timezones=offsets)
# Such as people and other programs write them, and such as is hard on a format.
texts = st.one_of(
    st.text(),
    st.text("ab \n\r\t\\\"',;=-+#*_`<>&!12.)[]", max_size=40),
    st.sampled_from(
        ["</script>", "\n\n<!-- end -->", "-->", "=1+1", "'=1", "&#13;", "12.", "\r\na\r"]
    ),
)
seconds = st.floats(0, 1e6)
shares = st.none() | st.floats(0, 1)
words = st.lists(
    st.builds(Word, word=texts, start=seconds, end=seconds, confidence=st.floats(0, 1)), max_size=3
).map(tuple)
wordings = st.lists(
    st.builds(
        Wording,
        text=texts,
        confidence=shares,
        duration=seconds,
        recording=st.none(),
        replaced_at=st.none() | moments,
        words=words,
    ),
    max_size=2,
).map(tuple)
lines = st.builds(
    Line,
    uid=st.text("0123456789abcdef", min_size=32, max_size=32),
    spoken_at=moments,
    zone=texts,
    text=texts.filter(bool),
    source=st.sampled_from(["voice", "typed", "imported"]),
    confidence=shares,
    duration=seconds,
    recording=st.none(),
    prompt=texts,
    favourite=st.booleans(),
    tags=st.frozensets(texts.map(as_tag).filter(bool), max_size=3).map(sorted).map(tuple),
    words=words,
    wordings=wordings,
)
journals = st.lists(lines, max_size=4, unique_by=lambda line: line.uid)


def plain(line: Line) -> Line:
    """Return what Markdown and a table hold of a glimmer; a table has no confidence either."""
    return line.model_copy(update={"confidence": None, "words": (), "wordings": ()})
