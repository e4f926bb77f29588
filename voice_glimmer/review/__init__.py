"""The web page over the journal: made on the server, for a browser in the same house."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class _Number(IntegerConvertor):
    """A number in an address, as SQLite and Python take it; nothing has a longer one."""

    regex = "[0-9]{1,18}"


# Here, for routes are made as their modules are loaded.
register_url_convertor("int", _Number())
