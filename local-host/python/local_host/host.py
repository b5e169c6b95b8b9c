"""The host."""

import asyncio
import http.client
import importlib
import logging
import os
import re
import socket
import sys
import threading
import time
import traceback
import typing
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.functions.meta import Datum

from .desk import InspectorDesk
from .errors import RequestError, StartError
from .events import Event, now
from .extensions import Extensions
from .functions import (
    Function,
    load_functions,
    script_name,
    streaming_extension,
)
from .inspector import Inspector
from .invocations import (
    Context,
    Out,
    Output,
    Run,
    call,
    call_async,
    decode,
    encode,
    run_load_hooks,
)
from .log import Log, LogHandler, current_invocation, thread_local_storage
from .messages import (
    CONNECTION_HEADERS,
    Request,
    Response,
    check_length,
    decide_cors,
    is_local,
    json_response,
    text_response,
    to_response,
)
from .recording import observe, tell_logged
from .routes import RouteTable
from .settings import environment_of, read_host_json, read_local_settings
from .shown import described
from .trials import (
    Trial,
    to_bytes,
    to_datum,
    to_metadata,
    trial_from,
    trigger_data,
)

# How long running functions have to end when the host stops, in seconds.
GRACE = 0.9
AZURE_SAYS = {
    404: "Azure answers 404 without a body.",
    405: "Azure answers 404 without a body, and not 405.",
}


class Host:
    """An app that has been loaded, and what calls its functions.

    Sync functions run in a pool of threads, async ones on one event loop, as in Azure.
    """

    def __init__(self, root: Path, log: Log) -> None:
        self.root = root
        self.log = log
        self.url = ""
        self.started = time.monotonic()
        self.loop = asyncio.new_event_loop()
        self.running: dict[str, str] = {}
        """The names of the functions that run, by invocation."""
        self._open: set[Future[Any]] = set()
        self._has_stopped = False
        self._pool: ThreadPoolExecutor | None = None
        self._streams: dict[str, Stream] = {}
        self._web_port = 0
        self.inspector = Inspector(self.describe_app)
        self._desk = InspectorDesk(self)
        self._extensions: Extensions | None = None
        threading.Thread(
            target=self.loop.run_forever, name="event loop", daemon=True
        ).start()

    def load(self, port: int) -> None:
        """Read the settings, and load the app.

        :raises StartError: That says what is wrong.
        """
        self.url = f"http://127.0.0.1:{port}"
        self.settings = read_local_settings(self.root)
        added, skipped, warnings = environment_of(self.settings, self.root, port)
        os.environ.update(added)
        self.config = read_host_json(self.root)
        self.log.levels = self.config.log_levels
        for message in warnings:
            self.log("warning", message)
        for message in skipped:
            self.log("information", message)
        self._listen_to_loggers()
        threads = os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT", "")
        self._pool = ThreadPoolExecutor(
            int(threads) if threads.isdecimal() and int(threads) > 0 else None
        )
        self._extensions = Extensions(self.inspector.off)
        self.table = RouteTable(self.on_loop(self._load_functions()), self.config)
        for function in self.table.functions:
            observe(function)
        is_v2 = (self.root / script_name()).exists()
        idle = self._extensions.why_idle(is_v2)
        for warning in [*([idle] if idle else []), *self.table.warnings()]:
            self.log("warning", warning)
        if not self.table.functions:
            self.log("warning", "The app has no function that can be called.")

    async def _load_functions(self) -> list[Function]:
        # On the event loop, as in Azure: asyncio.run() fails there, and create_task() works.
        functions = load_functions(self.root)
        for function in functions:
            if function.error is None:
                run_load_hooks(function.name, function.load_directory)
        web = streaming_extension()
        if web is not None:
            await self._start_web_server(web)
        return functions

    def _listen_to_loggers(self) -> None:
        self._handler = LogHandler(self.log, self.running.get, tell_logged)
        logging.root.addHandler(self._handler)
        is_debug = os.environ.get("PYTHON_ENABLE_DEBUG_LOGGING", "").lower() in (
            "1",
            "true",
        )
        logging.root.setLevel(logging.DEBUG if is_debug else logging.INFO)

    def on_loop(self, work: "typing.Coroutine[Any, Any, Any]") -> Any:
        """Wait for something that runs on the event loop.

        :raises RequestError: 500 if the host stops in the meantime.
        """
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        self._open.add(future)
        if self._has_stopped:
            future.cancel()
        try:
            return future.result()
        except (CancelledError, asyncio.CancelledError):
            raise RequestError(500) from None
        finally:
            self._open.discard(future)

    def stop(self, grace: float = GRACE) -> bool:
        """Let running functions end, and then answer what is open with 500.

        :return: Whether no function runs any more.
        """
        end = time.monotonic() + grace
        while self.running and time.monotonic() < end:
            time.sleep(0.02)
        self._has_stopped = True
        self.inspector.close()
        for future in list(self._open):
            future.cancel()
        if self._pool is not None:
            logging.root.removeHandler(self._handler)
            self.extensions.restore()
            self._pool.shutdown(wait=False, cancel_futures=True)
        has_ended = not self.running
        self.loop.call_soon_threadsafe(self.loop.stop)
        return has_ended

    def describe(self) -> Iterator[str]:
        """The functions, each with what calls it, or why nothing can."""
        for function in self.table.functions:
            template = self._template(function)
            if function.is_disabled:
                yield f"{function.name}: disabled"
            elif function.error:
                yield f"{function.name}: in error: {function.error}"
            elif template is not None:
                methods = ",".join(function.methods or ["any method"])
                yield f"{function.name}: [{methods}] {self.url}/{template}"
            else:
                yield f"{function.name}: [POST] {self.url}/admin/functions/{function.name} ({function.trigger['type']})"
        for name, reason in self.table.in_error.items():
            yield f"{name}: {reason}"

    @property
    def extensions(self) -> Extensions:
        return typing.cast(Extensions, self._extensions)

    def describe_app(self) -> Event:
        """The app, as the inspector has it."""
        return {
            "type": "app",
            "at": now(),
            "root": str(self.root),
            "functions": [self._inspected(one) for one in self.table.functions],
            "extensions": self.extensions.describe(),
            "hooks": [],
        }

    def _inspected(self, function: Function) -> Event:
        event: Event = {
            "name": function.name,
            "trigger": function.trigger["type"],
            "inputs": [
                function.binding(name)["type"]
                for name in function.inputs
                if name != function.trigger["name"]
            ],
        }
        template = self._template(function)
        if template is not None:
            event["route"] = template
            if function.methods:
                event["methods"] = function.methods
        if function.is_disabled:
            event["off"] = "disabled"
        elif function.error:
            event["off"] = f"in error: {function.error}"
        return event

    def _template(self, function: Function) -> str | None:
        """The route of a function that has one."""
        return next(
            (one.template for one in self.table.routes if one.function is function),
            None,
        )

    # Requests

    def respond(self, request: Request) -> Response:
        """Answer a request, whatever comes of it."""
        try:
            is_preflight, headers = decide_cors(request, self.settings)
            response = Response(204) if is_preflight else self._respond(request)
        except RequestError as error:
            response = text_response(error.status, str(error))
            if error.allow:
                response.headers.append(("allow", error.allow))
        except Exception:  # noqa: BLE001 (it is logged, and the host goes on)
            self.log("error", traceback.format_exc())
            response, headers = text_response(500), []
        names = {name.lower() for name, _ in response.headers}
        custom = [
            (name, value)
            for name, value in self.config.custom_headers.items()
            if name.lower() not in names
        ]
        return Response(
            response.status, [*response.headers, *headers, *custom], response.body
        )

    def _respond(self, request: Request) -> Response:
        path = request.path
        answer = self._desk.answer(request, path)
        if answer is not None:
            return answer
        if re.match("/admin(/|$)", path, re.IGNORECASE):
            return self._administer(request, path)
        try:
            route, params = self.table.match(request.method, path)
        except RequestError as error:
            self.log.once(
                f"{error.status}",
                f"{request.method} {path}: {AZURE_SAYS[error.status]}",
            )
            raise
        function = route.function
        if function.is_disabled:
            self.log.once(
                f"disabled {function.name}",
                f"{function.name} is disabled: {AZURE_SAYS[404]}",
            )
            raise RequestError(404, f"The function {function.name} is disabled.")
        if (
            self.config.max_requests is not None
            and len(self.running) >= self.config.max_requests
        ):
            raise RequestError(429)
        return self.request(function, request, params)

    def request(
        self, function: Function, request: Request, params: Mapping[str, str]
    ) -> Response:
        """Call an HTTP function."""
        self._refuse_unloaded(function)
        context = self._context(function, request.headers)
        if streaming_extension() is not None:
            self._begin(function, context, request)
            return self._stream(function, context, request, params)
        if int(request.headers.get("content-length") or 0) == 0:
            if request.body:
                self.log.once(
                    f"body {function.name}",
                    f"{function.name}: a body without Content-Length arrives empty, as in Azure.",
                )
            request.body = b""
        self._begin(function, context, request)
        data = {
            function.trigger["name"]: to_http_datum(request, params),
            **self._other_inputs(function, {}),
        }
        run = self.on_loop(self.invoke(function, context, data, {}))
        self._log_outputs(function, run)
        if run.error is not None:
            raise RequestError(500)
        try:
            response = to_response(run.response)
            check_length(response, request.method)
            return response
        except ValueError as error:
            self.log("error", f"{function.name}: {error}", f"Function.{function.name}")
            raise RequestError(500) from None

    def _begin(self, function: Function, context: Context, request: Request) -> None:
        self.inspector.begin(function, context, request=request)
        self._desk.note(request.client_port, context.invocation_id)

    def _refuse_unloaded(self, function: Function) -> None:
        if function.error:
            self.log("error", function.error, f"Function.{function.name}")
            raise RequestError(500)

    def _administer(self, request: Request, path: str) -> Response:
        """What the host itself answers, to tools and pages of this machine."""
        host = request.headers.get("host", "localhost")
        if not is_local(host) or not is_local(request.headers.get("origin", host)):
            raise RequestError(403, "The host answers this to this machine only.")
        area, name, detail, *more = [
            *filter(None, path.lower().split("/")[2:]),
            "",
            "",
            "",
        ]
        function = self.table.find(name) if area == "functions" and name else None
        if area == "functions" and name and function is None:
            raise RequestError(404, f"There is no function {name}.")
        if function is not None and not detail and request.method == "POST":
            trial = trial_from(request.headers.get("content-type", ""), request.body)
            self.begin(function, trial, request.headers)
            return Response(202)
        answers: dict[tuple[str, str], Callable[[], Response]] = {
            ("functions", ""): lambda: json_response(
                [self._described(one) for one in self.table.functions]
            ),
            ("host/status", ""): lambda: json_response(
                {
                    "id": "local-host",
                    "state": "Running",
                    "version": "4.1000.0",
                    "processUptime": int((time.monotonic() - self.started) * 1000),
                }
            ),
            ("host/ping", ""): lambda: Response(200),
            ("function", ""): lambda: json_response(
                self._described(typing.cast(Function, function))
            ),
            ("function", "status"): lambda: json_response({}),
        }
        kind = (
            "function"
            if function
            else area
            if area == "functions"
            else f"{area}/{name}"
        )
        answer = answers.get((kind, detail))
        if answer is None or any(more[:-3]):
            raise RequestError(404)
        if request.method != "GET":
            allow = "GET, POST" if kind == "function" and not detail else "GET"
            raise RequestError(
                405,
                "A function is run by hand with POST, and all else is read with GET.",
                allow,
            )
        return answer()

    def _described(self, function: Function) -> dict[str, Any]:
        route = self._template(function)
        return {
            "name": function.name,
            "language": "python",
            "href": f"{self.url}/admin/functions/{function.name}",
            "isDisabled": function.is_disabled,
            "invoke_url_template": None if route is None else f"{self.url}/{route}",
            "config": {"name": function.name, "bindings": function.bindings},
        }

    # Invocations

    def run(self, name: str, trial: Trial) -> Run:
        """Run a function by hand, and wait for its end.

        :raises RequestError: If there is no such function, or if it cannot be run in this way.
        """
        function = self.table.find(name)
        if function is None:
            names = ", ".join(one.name for one in self.table.functions)
            raise RequestError(
                404, f"There is no function {name}. There is: {names or 'none'}."
            )
        return self._prepare(function, trial, {})[1]()

    def begin(
        self, function: Function, trial: Trial, headers: Mapping[str, str]
    ) -> str:
        """Begin to run a function by hand. As in the real host, nobody waits for its end.

        :return: The id of the invocation.
        :raises RequestError: If it cannot be run in this way.
        """
        invocation, run = self._prepare(function, trial, headers)
        threading.Thread(target=run, daemon=True).start()
        return invocation

    def _prepare(
        self, function: Function, trial: Trial, headers: Mapping[str, str]
    ) -> tuple[str, Callable[[], Run]]:
        """The id of an invocation by hand, and what runs it.

        :raises RequestError: If it cannot be run in this way.
        """
        self._refuse_unloaded(function)
        others = {name for name in function.inputs if name != function.trigger["name"]}
        known = others | {function.binding(name)["type"] for name in others}
        unknown = next((name for name in trial.inputs if name not in known), None)
        if unknown is not None:
            names = ", ".join(sorted(others)) or "none"
            raise RequestError(
                400, f'{function.name} has no input "{unknown}". It has: {names}.'
            )
        if function.is_http:
            body = to_bytes(trial.input)
            sent = {
                "host": self.url.partition("://")[2],
                **headers,
                "content-length": str(len(body)),
            }
            request = Request("POST", f"/{self._template(function)}", sent, body)
            data: Datum | None = to_http_datum(request, {})
            made: dict[str, Any] = {}
        else:
            data, made = trigger_data(function.trigger, trial)
        context = self._context(function, headers)
        inputs = {
            function.trigger["name"]: data,
            **self._other_inputs(function, trial.inputs),
        }
        metadata = to_metadata(function, made, trial.trigger_metadata)

        def run() -> Run:
            self.inspector.begin(function, context, trial=trial)
            if function.is_http and streaming_extension() is not None:
                response = self._stream(function, context, request, {})
                return Run(result=b"".join(typing.cast(Iterator[bytes], response.body)))
            done: Run = self.on_loop(self.invoke(function, context, inputs, metadata))
            self._log_outputs(function, done)
            return done

        return context.invocation_id, run

    def _context(self, function: Function, headers: Mapping[str, str]) -> Context:
        return Context(
            function.name, function.directory, headers, self.config.is_traced
        )

    def _other_inputs(
        self, function: Function, given: Mapping[str, Any]
    ) -> dict[str, Datum | None]:
        """The inputs beside the trigger. What is not given is ``None``, since nothing can be read."""
        values: dict[str, Datum | None] = {}
        trigger = function.trigger["name"]
        for name in function.inputs:
            kind = function.binding(name)["type"]
            if name != trigger:
                found = next((one for one in (name, kind) if one in given), None)
                if found is None:
                    self.log.once(
                        f"input {function.name} {name}",
                        f"{function.name}, {name}: this input is None here. Azure reads it by its binding ({kind}); "
                        "run the function by hand to supply it.",
                    )
                values[name] = None if found is None else to_datum(given[found])
        return values

    async def invoke(
        self,
        function: Function,
        context: Context,
        data: Mapping[str, Datum | None],
        metadata: Mapping[str, Datum],
    ) -> Run:
        """Invoke a function, and log what becomes of it: an error with all that it carries."""
        name, invocation = function.name, context.invocation_id
        category = f"Function.{name}"
        run = Run()
        started = time.perf_counter()
        self.running[invocation] = name
        current_invocation.set(invocation)
        self.log("information", f"Executing {name} ({invocation})", category)
        for one, parameter in function.inputs.items():
            if parameter.is_deferred:
                self.log.once(
                    f"client {name} {one}",
                    f"{name}, {one}: this is None here. Azure makes a client of it.",
                )
        try:
            args = {
                one: decode(function, one, value, metadata)
                for one, value in data.items()
                if value is not None
            }
            args.update({one: None for one, value in data.items() if value is None})
            await self._complete(function, context, args, run)
        except Exception as error:  # noqa: BLE001 (it is logged below)
            run.error = error
        except asyncio.CancelledError as error:
            run.error = error
            raise
        finally:
            del self.running[invocation]
            self._streams.pop(invocation, None)
            self.inspector.end(invocation, run)
        sys.stdout.flush()
        took = f"{round((time.perf_counter() - started) * 1000)} ms, {invocation}"
        if run.error is None:
            self.log("information", f"Executed {name} (succeeded, {took})", category)
        else:
            self.log(
                "error",
                f"Executed {name} (failed, {took}): {described(run.error)}",
                category,
            )
        return run

    async def _complete(
        self, function: Function, context: Context, args: dict[str, Any], run: Run
    ) -> None:
        """Call the function, and convert what it gives by the rules of the worker."""
        stream = self._streams.get(context.invocation_id)
        if stream is not None:
            request = await stream.request
            web = streaming_extension()
            web.RequestTrackerMeta.get_synchronizer().sync_route_params(
                request, args[function.trigger["name"]].route_params
            )
            args[function.trigger["name"]] = request
        if function.wants_context:
            args["context"] = context
        args.update({name: Out() for name in function.outputs})
        try:
            run.result = await self._call(function, context, args)
            self._check_result(function, run.result, stream)
        except Exception as error:
            if stream is not None:
                stream.response.set_exception(error)
            raise
        if stream is not None:
            stream.response.set_result(run.result)
        for name, parameter in function.outputs.items():
            value = args[name].get()
            if value is not None:
                self._put(function, name, encode(parameter, value), run)
        if function.returns is not None and stream is None:
            run.returned = encode(function.returns, run.result)
            self._put(function, "$return", run.returned, run)

    def _check_result(
        self, function: Function, result: object, stream: "Stream | None"
    ) -> None:
        if result is not None and function.returns is None:
            raise RuntimeError(
                f"function {function.name!r} without a $return binding returned a "
                "non-None value"
            )
        if result is None and stream is not None:
            raise ValueError("No http response found: the function has returned None")

    def _put(
        self, function: Function, name: str, datum: Datum | None, run: Run
    ) -> None:
        """Keep a value that goes to a binding."""
        kind = next(
            (one["type"] for one in function.bindings if one["name"] == name),
            function.trigger["type"],
        )
        if kind.lower() == "http":
            run.response = datum
        elif datum is not None and datum.type is not None:
            run.outputs.append(Output(name, kind, datum.python_value))

    async def _call(
        self, function: Function, context: Context, args: dict[str, Any]
    ) -> Any:
        """Call an async function here and a sync one in the pool, for as long as host.json allows."""

        async def on_loop() -> Any:
            with refusing_exit():
                return await call_async(function.code, context, args)

        def in_pool() -> Any:
            token = current_invocation.set(context.invocation_id)
            thread_local_storage.invocation_id = context.invocation_id
            try:
                with refusing_exit():
                    return call(function.code, context, args)
            finally:
                current_invocation.reset(token)
                thread_local_storage.invocation_id = None

        thread_local_storage.invocation_id = context.invocation_id
        work: asyncio.Future[Any]
        if function.is_async:
            work = asyncio.ensure_future(on_loop())
        else:
            work = self.loop.run_in_executor(self._pool, in_pool)
        done, _ = await asyncio.wait({work}, timeout=self.config.timeout)
        if not done:
            work.cancel()
            raise RuntimeError(
                f"{function.name} takes longer than functionTimeout in host.json allows "
                f"({self.config.timeout:g} s). Azure ends the worker then, and starts it again."
            )
        return work.result()

    def _log_outputs(self, function: Function, run: Run) -> None:
        for output in run.outputs:
            message = f"Output {output.name} ({output.type}): {output.value!r}"
            self.log("information", message, f"Function.{function.name}")

    # Streaming, by azurefunctions-extensions-http-fastapi and its like

    async def _start_web_server(self, base: Any) -> None:
        """Start the server of the extension. It gets requests from this host, as in Azure from the real one."""
        extension = importlib.import_module(base.ModuleTrackerMeta.get_module())
        app = extension.WebApp()

        async def catch_all(request: Any) -> Any:
            stream = self._streams[request.headers["x-ms-invocation-id"]]
            stream.request.set_result(request)
            try:
                return await stream.response
            except Exception:  # noqa: BLE001 (it is logged with the invocation)
                failed = base.ResponseTrackerMeta.get_standard_response_type()
                return failed("Internal Server Error", 500, media_type="text/plain")

        catch_all.__annotations__["request"] = (
            base.RequestTrackerMeta.get_request_type()
        )
        app.route(catch_all)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._web_port = probe.getsockname()[1]
        for name in ("uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).addFilter(
                lambda record: record.levelno > logging.INFO
            )
        server = extension.WebServer("127.0.0.1", self._web_port, app)
        self._web_server = asyncio.ensure_future(server.serve())
        for _ in range(500):
            await asyncio.sleep(0.02)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._web_port)) == 0:
                    return
        raise StartError("The server of the HTTP extension does not start.")

    def _stream(
        self,
        function: Function,
        context: Context,
        request: Request,
        params: Mapping[str, str],
    ) -> Response:
        """Pass a request on to the server of the extension, and its response back as it comes."""
        invocation = context.invocation_id

        async def invoke() -> Run:
            return await self.invoke(function, context, data, {})

        async def begin() -> "asyncio.Future[Run]":
            self._streams[invocation] = Stream(
                self.loop.create_future(), self.loop.create_future()
            )
            return asyncio.ensure_future(invoke())

        bare = Request(request.method, "", {})
        data = {
            function.trigger["name"]: to_http_datum(bare, params),
            **self._other_inputs(function, {}),
        }
        running: asyncio.Future[Run] = self.on_loop(begin())
        connection = http.client.HTTPConnection("127.0.0.1", self._web_port)
        sent = {
            name: value
            for name, value in request.headers.items()
            if name not in CONNECTION_HEADERS
        }
        sent |= {
            "x-ms-invocation-id": invocation,
            "content-length": str(len(request.body)),
        }
        encoded = {name: value.encode() for name, value in sent.items()}
        try:
            connection.request(request.method, request.target, request.body, encoded)
            answer = connection.getresponse()
        except OSError as error:
            self.loop.call_soon_threadsafe(running.cancel)
            raise RequestError(502) from error
        headers = [
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in CONNECTION_HEADERS
        ]

        def chunks() -> Iterator[bytes]:
            try:
                yield from iter(lambda: answer.read1(65536), b"")
            finally:
                connection.close()

        return Response(answer.status, headers, chunks())


@dataclass(frozen=True)
class Stream:
    """What an invocation and the server of the HTTP extension exchange."""

    request: "asyncio.Future[Any]"
    response: "asyncio.Future[Any]"


class ExitError(Exception):
    """The app has asked for the end of its process."""


@contextmanager
def refusing_exit() -> Iterator[None]:
    """Make an error of an exit: it would end the host, as it ends the worker in Azure."""
    try:
        yield
    except SystemExit as error:
        raise ExitError(
            f"sys.exit({error.code!r}): Azure ends the worker then, and starts it again."
        ) from error


def to_http_datum(request: Request, params: Mapping[str, str]) -> Datum:
    """A request in the form that the converter of azure-functions takes."""

    def texts(values: Mapping[str, str]) -> dict[str, Datum]:
        return {name: Datum(value, "string") for name, value in values.items()}

    value = {
        "method": Datum(request.method, "string"),
        "url": Datum(request.url, "string"),
        "headers": texts(request.headers),
        "params": texts(params),
        "query": texts(request.query),
        "body": Datum(request.body, "bytes"),
    }
    return Datum(value, "http")
