"""The one exception whose message is meant for a person."""


class Fault(Exception):  # noqa: N818 - the word people use
    """Something the person can mend; its message is one plain sentence that says how."""
