"""Who makes the spans."""

from importlib.metadata import PackageNotFoundError, version

from opentelemetry.trace import ProxyTracerProvider, Tracer, TracerProvider

SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"
"""The version of the semantic conventions by which spans are made."""

NAME = "python_worker_extension_tracing"


def _version() -> str | None:
    try:
        return version(NAME)
    except PackageNotFoundError:
        return None  # It is not installed: its source is on the path.


VERSION = _version()


def tracer_of(provider: TracerProvider) -> Tracer | None:
    """The tracer of the extension.

    :return: Nothing, if the provider is the global one and there is no SDK behind it.
    """
    if isinstance(provider, ProxyTracerProvider):
        return None
    return provider.get_tracer(NAME, VERSION, SCHEMA_URL)
