"""The one exception whose message is meant for a person."""


class Fault(Exception):  # noqa: N818 - the word people use
    """Something the person can mend; its message is one plain sentence that says how.

    Args:
        sentence: The message.
        aloud: The same for the ear, where the message has a path in it that nobody wants to hear.
    """

    def __init__(self, sentence: str, *, aloud: str = "") -> None:
        super().__init__(sentence)
        self.aloud = aloud or sentence
