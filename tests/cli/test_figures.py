from datetime import date

from voice_glimmer.cli.figures import calendar, columns, shade

THURSDAY = date(2026, 11, 26)


def test_the_calendar_ends_on_its_last_day():
    by_day = {date(2026, 11, 16): 1, date(2026, 11, 22): 2, THURSDAY: 9, date(2026, 11, 15): 9}
    assert calendar(by_day, THURSDAY, 2) == [
        "",
        "Mon ░·",
        "    ··",
        "Wed ··",
        "    ·█",
        "Fri ·",
        "    ·",
        "Sun ▒",
    ]


def test_a_month_is_named_above_the_week_in_which_it_begins():
    above = calendar({}, THURSDAY, 53)[0]
    # The first Monday of December 2025 is the 1st, of November 2026 the 2nd.
    assert above.startswith("     Dec")
    assert above.index("Nov") == 4 + 49


def test_the_marks_of_days():
    assert [shade(many) for many in (0, 1, 2, 3, 4, 5, 99)] == list("·░▒▓▓██")


def test_the_highest_column_is_full_and_what_is_there_is_seen():
    assert columns([0, 1, 16, 8], ["a ", "b ", "c ", "d "], height=2) == [
        "      ██",
        "   ▁▁ ██ ██",
        "a  b  c  d ",
    ]
    assert columns([0, 0], ["a", "b"], height=1) == ["", "a b"]
