"""The page of the inspector."""

import base64
import hashlib
import re

from .messages import Response

# The page: one file, with its style and its script in it.
PAGE = ""

# What the page may do: run what is in it, and talk to this host. Nothing else, and in no frame.
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page_response() -> Response:
    def hash_of(tag: str) -> str:
        content = re.search(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = hashlib.sha256((content[1] if content else "").encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    policy = POLICY.format(script=hash_of("script"), style=hash_of("style"))
    return Response(
        200,
        [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", policy),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ],
        PAGE.encode(),
    )
