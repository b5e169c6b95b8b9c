"""What the conventions say of each trigger."""

import base64
import json
import os
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest import skipUnless
from unittest.mock import MagicMock, patch

import azure.functions as func
from azure.functions.meta import Datum
from opentelemetry import baggage, trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind

from python_worker_extension_tracing import process_message
from tests.local_host import Context
from tests.tracing import TRACE_ID, TracingTestCase, decoded
from tests.worker import invoke

SENDERS = ["00f067aa0ba902b7", "00f067aa0ba902b8", "00f067aa0ba902b9"]
FIRST, SECOND, THIRD = (f"00-{TRACE_ID}-{sender}-01" for sender in SENDERS)


def senders_of(span: ReadableSpan) -> list[str]:
    """The spans that messages have been sent by, which a span links to."""
    return [trace.format_span_id(link.context.span_id) for link in span.links]


def service_bus(properties: object, data: str = "text") -> Any:
    return decoded(
        "serviceBusTrigger",
        data,
        MessageId="m1",
        ApplicationProperties=properties,
        UserProperties=properties,
    )


def service_bus_batch(*properties: object) -> Any:
    return decoded(
        "serviceBusTrigger",
        ["text"] * len(properties),
        ApplicationPropertiesArray=properties,
        UserPropertiesArray=properties,
    )


def event_hub_batch(*properties: object) -> Any:
    return decoded(
        "eventHubTrigger",
        ["text"] * len(properties),
        PropertiesArray=properties,
        SystemPropertiesArray=[{} for _ in properties],
    )


def kafka_batch(*trace_parents: str) -> Any:
    count = len(trace_parents)
    return decoded(
        "kafkaTrigger",
        ["text"] * count,
        HeadersArray=[
            [{"Key": "traceparent", "Value": base64.b64encode(one.encode()).decode()}]
            for one in trace_parents
        ],
        TimestampArray=[""] * count,
        KeyArray=[""] * count,
        PartitionArray=[0] * count,
        OffsetArray=Datum(
            SimpleNamespace(sint64=list(range(count))), "collection_sint64"
        ),
        TopicArray=Datum(
            SimpleNamespace(string=["clicks"] * count), "collection_string"
        ),
    )


class TriggersTest(TracingTestCase):
    def consume(self, value: object, type: str, **options: object) -> ReadableSpan:
        """Invoke the function for a message, or for a batch."""
        self.exporter.clear()
        self.triggered_by(type, **options)
        invoke(lambda value: None, self.id(), value=value)
        span = self.span()
        self.assertIs(span.kind, SpanKind.CONSUMER)
        self.assertEqual(self.attributes()["faas.trigger"], "pubsub")
        return span

    def assert_messaging(self, system: str, **others: object) -> None:
        self.assertEqual(
            self.attributes("messaging."),
            {
                "messaging.system": system,
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                **{
                    f"messaging.{name.replace('__', '.')}": value
                    for name, value in others.items()
                },
            },
        )

    def test_a_message_of_service_bus(self) -> None:
        span = self.consume(
            service_bus({"Diagnostic-Id": FIRST}),
            "serviceBusTrigger",
            topicName="orders",
            subscriptionName="billing",
        )
        self.assertEqual(span.name, "process orders")
        self.assert_messaging(
            "servicebus",
            destination__name="orders",
            destination__subscription__name="billing",
            message__id="m1",
        )
        self.assertEqual(senders_of(span), SENDERS[:1])

    def test_a_batch_of_service_bus(self) -> None:
        span = self.consume(
            service_bus_batch({"traceparent": FIRST}, {}, {"Traceparent": THIRD}),
            "serviceBusTrigger",
            queueName="orders",
        )
        self.assert_messaging(
            "servicebus", destination__name="orders", batch__message_count=3
        )
        self.assertEqual(senders_of(span), [SENDERS[0], SENDERS[2]])

    def test_a_message_in_the_class_of_azure_servicebus(self) -> None:
        span = self.consume(
            SimpleNamespace(
                message_id="m1",
                application_properties={b"Diagnostic-Id": FIRST.encode()},
            ),
            "serviceBusTrigger",
            queueName="orders",
        )
        self.assertEqual(senders_of(span), SENDERS[:1])

    def test_an_event_of_event_hubs(self) -> None:
        span = self.consume(
            decoded(
                "eventHubTrigger",
                "text",
                Properties={"traceparent": SECOND},
                SystemProperties={},
            ),
            "eventHubTrigger",
            eventHubName="clicks",
        )
        self.assert_messaging("eventhubs", destination__name="clicks")
        self.assertEqual(senders_of(span), SENDERS[1:2])

    def test_a_batch_of_event_hubs(self) -> None:
        span = self.consume(
            event_hub_batch({"Diagnostic-Id": FIRST}, {"Diagnostic-Id": SECOND}),
            "eventHubTrigger",
            eventHubName="clicks",
            consumerGroup="stats",
        )
        self.assertEqual(span.name, "process clicks")
        self.assert_messaging(
            "eventhubs",
            destination__name="clicks",
            consumer__group__name="stats",
            batch__message_count=2,
        )
        self.assertEqual(senders_of(span), SENDERS[:2])

    def test_an_event_in_the_class_of_azure_eventhub(self) -> None:
        span = self.consume(
            [SimpleNamespace(properties={b"traceparent": FIRST.encode()})],
            "eventHubTrigger",
        )
        self.assertEqual(senders_of(span), SENDERS[:1])

    @skipUnless(hasattr(func.KafkaEvent, "headers"), "azure-functions is too old")
    def test_a_batch_of_kafka(self) -> None:
        with patch.dict(os.environ, TEST_TOPIC="clicks"):
            span = self.consume(
                kafka_batch(FIRST, "nonsense", "é"),
                "kafkaTrigger",
                topic="%TEST_TOPIC%",
            )
        self.assertEqual(span.name, "process clicks")
        self.assert_messaging(
            "kafka", destination__name="clicks", batch__message_count=3
        )
        self.assertEqual(senders_of(span), SENDERS[:1])

    @skipUnless(hasattr(func, "CloudEvent"), "azure-functions is too old")
    def test_an_event_of_event_grid(self) -> None:
        event = {"specversion": "1.0", "id": "e1", "source": "/", "type": "clicked"}
        span = self.consume(
            decoded("eventGridTrigger", json.dumps({**event, "traceparent": FIRST})),
            "eventGridTrigger",
        )
        self.assertEqual(span.name, self.id())
        self.assert_messaging("eventgrid")
        self.assertEqual(senders_of(span), SENDERS[:1])

    def test_a_message_of_a_queue(self) -> None:
        message = decoded("queueTrigger", "text", Id="q1")
        span = self.consume(message, "queueTrigger", queueName="%TEST_MISSING%")
        self.assert_messaging(
            "azure_queue_storage",
            destination__name="%TEST_MISSING%",
            message__id="q1",
        )
        self.assertEqual(span.links, ())

    def test_messages_that_do_not_tell_their_sender(self) -> None:
        for value in (
            None,
            [],
            "text",
            [None, 7],
            service_bus({}),
            service_bus_batch(None, 7, {"traceparent": 7}, {"traceparent": "nonsense"}),
            event_hub_batch({}, None),
            decoded("eventHubTrigger", "text", SystemProperties={}),
        ):
            for type in ("serviceBusTrigger", "eventHubTrigger", "kafkaTrigger"):
                with self.subTest(value=value, type=type):
                    self.assertEqual(self.consume(value, type).links, ())

    def test_each_message_of_a_batch_can_have_a_span(self) -> None:
        def function(value: list[func.EventHubEvent]) -> None:
            with process_message(0):
                self.provider.get_tracer("app").start_span("work").end()
            with self.assertRaises(ValueError), process_message(1):
                raise ValueError("no luck")
            with process_message(2):
                pass

        self.triggered_by("eventHubTrigger", eventHubName="clicks")
        events = event_hub_batch({"traceparent": FIRST}, {"traceparent": SECOND})
        invoke(function, self.id(), value=events)
        work, *messages, batch = self.exporter.get_finished_spans()
        assert work.parent and messages[0].context and batch.context
        self.assertEqual(work.parent.span_id, messages[0].context.span_id)
        self.assertEqual(
            [(one.name, one.kind, senders_of(one)) for one in (*messages, batch)],
            [
                ("process clicks", SpanKind.CONSUMER, SENDERS[:1]),
                ("process clicks", SpanKind.CONSUMER, SENDERS[1:2]),
                ("process clicks", SpanKind.CONSUMER, []),
                ("process clicks", SpanKind.CONSUMER, SENDERS[:2]),
            ],
        )
        for one in messages:
            assert one.parent
            self.assertEqual(one.parent.span_id, batch.context.span_id)
            self.assertNotIn("messaging.batch.message_count", one.attributes or {})
        self.assertEqual(messages[1].status.description, "no luck")

    def test_a_message_has_no_span_where_nothing_is_traced(self) -> None:
        with process_message(0):
            self.assertIs(trace.get_current_span(), trace.INVALID_SPAN)

    def test_baggage_of_a_request_and_of_a_message_is_read(self) -> None:
        def baggage_of(value: object, type: str, **options: object) -> object:
            self.triggered_by(type, **options)
            return invoke(
                lambda value: baggage.get_baggage("tenant"), self.id(), value=value
            )

        def request(**headers: str) -> func.HttpRequest:
            return func.HttpRequest("GET", "http://a/api", headers=headers, body=b"")

        sent = "tenant=a%20b,other=1"
        for value, type, expected in (
            (request(baggage=sent), "httpTrigger", "a b"),
            (request(Baggage=sent), "httpTrigger", "a b"),
            (request(), "httpTrigger", None),
            (request(baggage="tenant=é,,;=", other="é"), "httpTrigger", None),
            (service_bus({"baggage": sent}), "serviceBusTrigger", "a b"),
            (service_bus({"baggage": 7}), "serviceBusTrigger", None),
        ):
            self.assertEqual(baggage_of(value, type), expected)
        batch = service_bus_batch({"baggage": sent}, {"baggage": sent})
        self.assertIsNone(baggage_of(batch, "serviceBusTrigger"))
        self.assertIsNone(baggage.get_baggage("tenant"))

    def test_the_parent_is_the_hosts_to_tell_whatever_came_with_a_message(self) -> None:
        self.called_with(f"00-{'a' * 32}-{'b' * 16}-01")
        span = self.consume(service_bus({"traceparent": FIRST}), "serviceBusTrigger")
        assert span.context is not None
        self.assertEqual(trace.format_trace_id(span.context.trace_id), "a" * 32)
        self.assertEqual(senders_of(span), SENDERS[:1])

    def test_a_timer_tells_its_schedule_and_when_it_has_run(self) -> None:
        self.triggered_by("timerTrigger", schedule="%TEST_SCHEDULE%")
        with patch.dict(os.environ, TEST_SCHEDULE="0 */5 * * * *"):
            invoke(lambda value: None, self.id(), value=None)
        attributes = self.attributes("faas.")
        self.assertEqual(attributes["faas.trigger"], "timer")
        self.assertEqual(attributes["faas.cron"], "0 */5 * * * *")
        self.assertTrue(datetime.fromisoformat(str(attributes["faas.time"])).tzinfo)

    def test_a_data_source_tells_what_has_changed(self) -> None:
        blob = decoded("blobTrigger", "text", BlobTrigger="samples/a/b.txt")
        path = {"path": "samples/{name}"}
        cosmos = {"databaseName": "shop", "containerName": "orders"}
        orders = {"tableName": "dbo.Orders"}
        deleted = [{"Operation": 2}, {"Operation": 2}]
        mixed = json.dumps([{"Operation": 0}, {"Operation": 1}, None])
        table = "dbo.Orders"
        for type, options, value, expected in (
            ("blobTrigger", path, blob, ("samples", "a/b.txt", "upsert")),
            ("blobTrigger", path, b"text", ("samples", None, "upsert")),
            ("cosmosDBTrigger", cosmos, [{}], ("shop", "orders", "upsert")),
            ("sqlTrigger", orders, json.dumps(deleted), (table, table, "delete")),
            ("sqlTrigger", orders, mixed, (table, table, "upsert")),
            ("sqlTrigger", orders, "nonsense", (table, table, "upsert")),
            ("mysqlTrigger", orders, deleted, (table, table, "delete")),
            ("mysqlTrigger", orders, None, (table, table, "upsert")),
        ):
            with self.subTest(type=type, value=value):
                self.exporter.clear()
                self.triggered_by(type, **options)
                invoke(lambda value: None, self.id(), value=value)
                attributes = self.attributes("faas.document.")
                self.assertTrue(attributes.pop("faas.document.time"))
                names = ("collection", "name", "operation")
                self.assertEqual(
                    attributes,
                    {
                        f"faas.document.{name}": one
                        for name, one in zip(names, expected, strict=True)
                        if one
                    },
                )
                self.assertEqual(self.attributes()["faas.trigger"], "datasource")

    def test_outside_of_an_app_the_trigger_follows_from_its_value(self) -> None:
        for value, trigger in (
            (MagicMock(spec=func.TimerRequest), "timer"),
            (decoded("queueTrigger", "text"), "pubsub"),
            ([func.EventHubEvent(body=b"")], "pubsub"),
            (func.DocumentList(), "datasource"),
            ("text", "other"),
        ):
            with self.subTest(trigger=trigger):
                self.exporter.clear()
                invoke(lambda value: None, self.id(), value=value)
                self.assertEqual(self.attributes()["faas.trigger"], trigger)
                self.assertEqual(self.attributes("http"), {})

    def test_in_the_programming_model_v1_the_trigger_is_in_function_json(self) -> None:
        trigger = {"type": "queueTrigger", "name": "value", "queueName": "orders"}
        with TemporaryDirectory() as folder:
            content = json.dumps({"bindings": [{"type": "queue"}, trigger]})
            Path(folder, "function.json").write_text(content)
            context = Context(self.id(), folder)
            self.hooks.before(MagicMock(), context, {"value": "text"})
            self.hooks.after(MagicMock(), context, {"value": "text"}, None)
        self.assertEqual(self.span().name, "process orders")
