"""The command line."""

import argparse
import functools
import multiprocessing
import os
import signal
import socket
import sys
import threading
import typing
from contextlib import suppress
from pathlib import Path

from .errors import StartError
from .host import Host
from .log import Console, Log
from .messages import text_response
from .recording import tell_printed
from .server import Server, listen
from .settings import read_local_settings
from .watcher import Watcher
from .waterfall import Waterfalls, inspect_running

NOTICE = """\
This is a local stand-in for the Azure Functions host. It has no access keys, timers,
storage, other bindings or retries. For the real host, use Core Tools: func start
"""

# With this exit code, the process that runs the app asks for a new one.
RESTART = 75


def serve(root: Path, listening: socket.socket, watch: bool, is_inspected: bool) -> int:
    """Serve an app until Ctrl+C.

    :return: The exit code.
    """
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    log = Log()
    host = Host(root, log)
    sys.stdout = Console(sys.stdout, functools.partial(tell_printed, "information"))
    sys.stderr = Console(sys.stderr, functools.partial(tell_printed, "error"))
    watcher = Watcher(root) if watch else None
    server: Server | None = None
    try:
        try:
            host.load(listening.getsockname()[1])
            if is_inspected:
                host.inspector.listen(Waterfalls().add)
            server = Server(listening, host.respond)
            print(
                "\n".join(
                    [NOTICE, "Functions:\n", *(f"  {one}" for one in host.describe())]
                )
            )
            print(f"\nListening on {host.url}. Press Ctrl+C to stop.", flush=True)
        except StartError as error:
            print(error, file=sys.stderr, flush=True)
            if watcher is None:
                return 1
            server = Server(
                listening,
                lambda _: text_response(
                    503, "The app does not start. Its log says why."
                ),
            )
        parent = multiprocessing.parent_process()
        while not stopping.wait(0.2) and (parent is None or parent.is_alive()):
            name = watcher.changed() if watcher else None
            if name:
                log(
                    "information",
                    f"The app is started again: {name} has changed.",
                    "Function.App",
                )
                server.shutdown()
                host.stop(0)
                server.finish()
                return RESTART
    except KeyboardInterrupt:
        pass
    if server is not None:
        server.shutdown()
    if not host.stop():
        log("warning", f"Stopped while functions were running: {len(host.running)}")
    if server is not None:
        server.finish()
    return 0


def serve_in_child(root: Path, listening: socket.socket, is_inspected: bool) -> None:
    leave(serve(root, listening, True, is_inspected))


def leave(code: int) -> typing.NoReturn:
    """End the process. A sync function that still runs would keep it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def supervise(root: Path, listening: socket.socket, is_inspected: bool) -> int:
    """Serve an app from a process of its own, and from a new one when something has changed. The port stays."""
    spawn = multiprocessing.get_context("spawn")
    code = RESTART
    while code == RESTART:
        child = spawn.Process(
            target=serve_in_child, args=(root, listening, is_inspected), daemon=True
        )
        end = child.terminate
        signal.signal(signal.SIGTERM, lambda *_, end=end: end())
        child.start()
        try:
            child.join()
        except KeyboardInterrupt:
            child.terminate()
            child.join()
            return 0
        code = child.exitcode or 0
    return code


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> typing.NoReturn:
        sys.exit(f"{message[0].upper()}{message[1:]}. See: python local_host.py --help")


def main() -> None:
    parser = Parser(
        prog="python local_host.py",
        description="Runs the function app in this folder on 127.0.0.1, without Azure Functions Core Tools.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["start", "inspect"],
        default="start",
        help="start it, or print what happens in an app that runs: after each invocation, what has run around it",
    )
    parser.add_argument("--port", type=int, help="7071 by default, 0 for any free one")
    parser.add_argument(
        "--watch", action="store_true", help="start the app again when a file is saved"
    )
    parser.add_argument(
        "--inspect",
        action="store_true",
        help="print after each invocation what has run around it, and for how long",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="for inspect: print one event a line, as it happens",
    )
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).parent, help="the folder of the app"
    )
    arguments = parser.parse_args()
    root: Path = arguments.root.resolve()
    try:
        if not (root / "host.json").exists():
            raise StartError(
                f"There is no host.json in {root}. Is this the folder of a function app?"
            )
        port = arguments.port
        if port is None:
            port = read_local_settings(root).port or 7071
        if not 0 <= port < 65536:
            raise StartError(f"--port takes a number from 0 to 65535, not {port}.")
        if arguments.command == "inspect":
            with suppress(KeyboardInterrupt, BrokenPipeError):
                inspect_running(port, arguments.json)
            leave(0)
        os.chdir(root)
        listening = listen(port)
    except StartError as error:
        sys.exit(str(error))
    leave(
        supervise(root, listening, arguments.inspect)
        if arguments.watch
        else serve(root, listening, False, arguments.inspect)
    )
