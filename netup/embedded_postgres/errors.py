"""The one error an embedded database reports: always a single line a person can act on."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded database cannot be used; the message is one line saying what is wrong and where."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
