"""Settings of the app, by which options of a trigger may be named."""

import os
import re


def setting(option: object) -> str | None:
    """What an option of a trigger says, where it may name settings: ``%QUEUE%``."""
    if not isinstance(option, str):
        return None
    return re.sub("%([^%]+)%", lambda match: os.environ.get(match[1], match[0]), option)
