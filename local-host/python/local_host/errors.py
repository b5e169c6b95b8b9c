"""What goes wrong, in one line."""


class StartError(Exception):
    """Why the app does not start, in one line that says how to go on."""


class RequestError(Exception):
    """A request that no function answers."""

    def __init__(
        self, status: int, message: str = "", allow: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.allow = allow
