"""What the inspector tells of an app."""

import time
from typing import Any

# As the page and `inspect --json` get it. A field or a type may come, and none goes.
Event = dict[str, Any]
_ORIGIN = time.time() - time.perf_counter()


def now() -> float:
    """Milliseconds since 1970, with fractions. It never goes back."""
    return round((_ORIGIN + time.perf_counter()) * 1000, 3)
