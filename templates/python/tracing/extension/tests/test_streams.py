"""Responses that are sent in parts, after the function has returned them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.trace import StatusCode

from tests.tracing import TracingTestCase
from tests.worker import invoke


@dataclass
class StreamingResponse:
    """As Starlette has it."""

    body_iterator: AsyncIterator[str]
    status_code: int = 200


class StreamsTest(TracingTestCase):
    async def parts(self, failure: Exception | None = None) -> AsyncIterator[str]:
        for part in ("one ", "two"):
            self.provider.get_tracer("app").start_span(part).end()
            yield part
        if failure:
            raise failure

    def respond(self, failure: Exception | None = None) -> AsyncIterator[str]:
        """Invoke a function that streams, and return the parts of its response."""
        self.triggered_by("httpTrigger", name="req", route="streams")

        async def function(req: object) -> StreamingResponse:
            return StreamingResponse(self.parts(failure))

        response = invoke(function, self.id(), req=None)
        assert isinstance(response, StreamingResponse)
        return response.body_iterator

    def test_the_span_ends_with_the_last_part(self) -> None:
        async def read() -> list[str]:
            read = [part async for part in parts]
            self.assertIs(trace.get_current_span(), trace.INVALID_SPAN)
            return read

        parts = self.respond()
        self.assertEqual(self.exporter.get_finished_spans(), ())
        self.assertEqual(asyncio.run(read()), ["one ", "two"])
        one, two, span = self.exporter.get_finished_spans()
        assert one.parent and two.parent and span.context
        self.assertEqual(one.parent.span_id, span.context.span_id)
        self.assertEqual(two.parent.span_id, span.context.span_id)
        self.assertEqual((span.attributes or {})["http.response.status_code"], 200)
        self.assertIs(span.status.status_code, StatusCode.UNSET)

    def test_the_span_has_what_breaks_off_the_response(self) -> None:
        async def read() -> None:
            async for _ in parts:
                pass

        parts = self.respond(ValueError("broken off"))
        with self.assertRaisesRegex(ValueError, "broken off"):
            asyncio.run(read())
        span = self.exporter.get_finished_spans()[-1]
        self.assertEqual(span.status.description, "broken off")
        self.assertEqual(len(span.events), 1)

    def test_the_span_ends_when_the_client_goes_away(self) -> None:
        async def read() -> None:
            iterator = aiter(parts)
            await anext(iterator)
            await iterator.aclose()  # type: ignore[attr-defined]

        parts = self.respond()
        asyncio.run(read())
        span = self.exporter.get_finished_spans()[-1]
        self.assertEqual(span.status.description, "The client has gone away.")
