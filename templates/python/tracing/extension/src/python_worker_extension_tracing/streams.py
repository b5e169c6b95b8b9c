"""Responses that are sent in parts, after the function has returned them."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Protocol, TypeVar, runtime_checkable

from opentelemetry import context as otel_context
from opentelemetry.context import Context

Part = TypeVar("Part")


@runtime_checkable
class Stream(Protocol):
    """A ``StreamingResponse`` of azurefunctions-extensions-http-fastapi."""

    body_iterator: AsyncIterable[object]


async def while_sent(
    parts: AsyncIterable[Part],
    context: Context,
    sent: Callable[[BaseException | None], None],
) -> AsyncIterator[Part]:
    """Make the parts of a response in the context of the function.

    :param sent: Called after the last part, or with what has broken off the response.
    """
    iterator = aiter(parts)
    interruption: BaseException | None = None
    try:
        while True:
            token = otel_context.attach(context)
            try:
                part = await anext(iterator)
            except StopAsyncIteration:
                return
            finally:
                otel_context.detach(token)
            yield part
    except GeneratorExit:
        interruption = ConnectionError("The client has gone away.")
        raise
    except BaseException as error:
        interruption = error
        raise
    finally:
        sent(interruption)
