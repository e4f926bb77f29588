import json

import pytest

from voice_glimmer.cli.printing import array, document, one_line


@pytest.mark.parametrize("values", [[], [{"a": 1}], [{"a": "ü\n"}, {}, {"b": [1, None]}]])
def test_an_array_has_an_entry_a_line(values):
    printed = list(array(values))
    assert json.loads("\n".join(printed)) == values
    assert len(printed) == len(values) + 2


def test_an_array_is_printed_while_it_comes():
    def values():
        yield {"a": 1}
        yield {"a": 2}
        raise MemoryError

    coming = array(values())
    assert [next(coming), next(coming)] == ["[", '  {"a": 1},']


def test_an_object_has_a_key_a_line():
    assert list(document({"a": [1, 2], "b": "ü"})) == ["{", '  "a": [1, 2],', '  "b": "ü"', "}"]
    assert list(document(None)) == ["null"]


def test_no_text_steers_the_terminal():
    assert one_line("a\nb\x1b[31m\x9b1m\x7fü") == "a b [31m 1m ü"
