"""Worker extensions, as the inspector sees them."""

import functools
import importlib
import importlib.metadata
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import azure.functions

from .events import Event, now
from .invocations import is_switched_on
from .recording import BRIDGE, Recording, recording_here, without_context
from .shown import shown, shown_error


@dataclass(frozen=True)
class Extension:
    """A worker extension that has registered itself: its class."""

    id: str
    """Package and class."""
    name: str
    package: Event | None
    """Its name and version."""


@functools.cache
def extension_of(cls: type) -> Extension:
    package = package_of(cls.__module__.partition(".")[0])
    owner = package["name"] if package else cls.__module__
    return Extension(f"{owner}/{cls.__qualname__}", cls.__name__, package)


@functools.cache
def package_of(module: str) -> Event | None:
    """The package that a module has been installed with."""
    names = importlib.metadata.packages_distributions().get(module)
    if not names:
        return None
    return {"name": names[0], "version": importlib.metadata.version(names[0])}


def owner_of(run: Callable[..., object]) -> Any:
    """What a hook belongs to: the class at application level, and at function level the instance."""
    return getattr(run, "__self__", None)


def class_of(owner: object) -> type:
    return owner if isinstance(owner, type) else type(owner)


def is_own(run: Callable[..., object]) -> bool:
    """Whether it is a hook of an extension, and not what it inherits, which does nothing."""
    module = getattr(getattr(run, "__func__", run), "__module__", None) or ""
    return owner_of(run) is not None and not module.startswith("azure.functions.")


class WatchedHook:
    """Stands for a hook, and has it recorded."""

    def __init__(self, name: str, run: Callable[..., object]) -> None:
        self.name = name
        self.run = run
        self.extension = extension_of(class_of(owner_of(run)))

    @property
    def __self__(self) -> "WatchedOwner":
        return WatchedOwner(owner_of(self.run))

    def __call__(self, *args: object, **kwargs: object) -> object:
        recording = recording_here()
        if recording is None:
            return self.run(*args, **kwargs)
        return self._run(recording, args, kwargs)

    def _run(
        self, recording: Recording, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> object:
        """Run it, and tell what it has changed: the arguments of the function, or its result."""
        seen: dict[str, Callable[[], Any]] = {}
        if len(args) > 2:
            seen["inputs"] = lambda: shown(without_context(args[2]))
        if len(args) > 3:
            seen["result"] = lambda: shown(args[3])
        before = {what: show() for what, show in seen.items()}
        event: Event = {
            "type": "hookRan",
            "name": f"{self.extension.name}.{self.name}",
            "hook": self.name,
            "extension": self.extension.id,
            "package": self.extension.package,
            "start": now(),
            "next": [],
            "isSwallowed": False,
        }
        try:
            return self.run(*args, **kwargs)
        except BaseException as error:
            event["error"] = shown_error(error)
            # The worker and the bridge log it and go on.
            event["isSwallowed"] = isinstance(error, Exception)
            raise
        finally:
            event["end"] = now()
            after = {what: show() for what, show in seen.items()}
            event["changes"] = [
                {"what": what, "before": before[what], "after": after[what]}
                for what in seen
                if before[what] != after[what]
            ]
            recording.emit(event)


class WatchedOwner:
    """Stands for an extension of which the bridge asks for hooks of failures."""

    def __init__(self, owner: object) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._owner, name)
        return (
            WatchedHook(name, value) if name.startswith("invocation_failed") else value
        )


class Extensions:
    """Stands between ``ExtensionMeta``, where hooks are registered, and who runs them.

    That is the worker, or from Python 3.13 on the bridge of an extension. Either asks for the hooks at each
    call, and gets those that are not switched off, and if somebody watches, has them recorded.
    """

    GETTERS = ("get_application_hooks", "get_function_hooks")

    def __init__(self, off: set[str]) -> None:
        self._off = off
        meta = azure.functions.ExtensionMeta
        self._replaced = {name: vars(meta)[name] for name in self.GETTERS}
        self._application: Callable[[], Any] = meta.get_application_hooks
        self._function: Callable[[str], Any] = meta.get_function_hooks
        for name in self.GETTERS:
            getter = getattr(meta, name)
            setattr(
                meta,
                name,
                staticmethod(lambda *args, getter=getter: self._to_run(getter(*args))),
            )

    def restore(self) -> None:
        for name, getter in self._replaced.items():
            setattr(azure.functions.ExtensionMeta, name, getter)

    def _to_run(self, hooks: Any) -> Any:
        if hooks is None or not (self._off or recording_here()):
            return hooks
        return hooks._replace(
            **{
                name: [
                    one._replace(ext_impl=WatchedHook(name, one.ext_impl))
                    if is_own(one.ext_impl)
                    else one
                    for one in getattr(hooks, name)
                    if not self._is_off(one.ext_impl)
                ]
                for name in hooks._fields
            }
        )

    def _is_off(self, run: Callable[..., object]) -> bool:
        owner = owner_of(run)
        return owner is not None and extension_of(class_of(owner)).id in self._off

    def why_idle(self, is_v2: bool) -> str | None:
        """Why no hook runs, where no bridge says so.

        :param is_v2: Whether the app is of the programming model v2.
        """
        classes = dict.fromkeys(class_of(owner) for owner, _, _ in self._registered())
        names = ", ".join(one.__name__ for one in classes)
        has_bridge = hasattr(azure.functions.ExtensionMeta, BRIDGE)
        if not names or (has_bridge and is_v2):
            return None
        if sys.version_info >= (3, 13) and not has_bridge:
            way = (
                "Run: yo azfunc-extension:bridge"
                if is_v2
                else "Stay on Python 3.12, or move the app to the programming model v2."
            )
            return f"No hook of {names} runs: from Python 3.13 on Azure runs no worker extensions. {way}"
        if not is_switched_on():
            return f"No hook of {names} runs: PYTHON_ENABLE_WORKER_EXTENSIONS is not 1."
        return None

    def _registered(self) -> Iterator[tuple[Any, str, Callable[..., object]]]:
        """Each hook, from the outside in: what it belongs to, its name, and what runs it."""
        registered = json.loads(
            azure.functions.ExtensionMeta.get_registered_extensions_json()
        )
        found = [self._application()]
        found += [self._function(name) for name in registered.get("FuncExtension", {})]
        for group in filter(None, found):
            for name in group._fields:
                for one in getattr(group, name):
                    owner = owner_of(one.ext_impl)
                    if owner is not None:
                        yield owner, name, one.ext_impl

    def describe(self) -> list[Event]:
        """Each extension, from the outside in."""
        owners: dict[str, list[Any]] = {}
        hooks: dict[str, list[str]] = {}
        extensions: dict[str, Extension] = {}
        for owner, name, run in self._registered():
            extension = extension_of(class_of(owner))
            extensions[extension.id] = extension
            known = owners.setdefault(extension.id, [])
            if not any(owner is other for other in known):
                known.append(owner)
            names = hooks.setdefault(extension.id, [])
            if is_own(run) and name not in names:
                names.append(name)
        return [
            {
                "id": extension.id,
                "name": extension.name,
                "package": extension.package,
                "place": place,
                "failsClosed": False,
                "hooks": hooks[extension.id],
                "options": [
                    options
                    for options in map(options_of, owners[extension.id])
                    if options
                ],
                "isOff": extension.id in self._off,
            }
            for place, extension in enumerate(extensions.values(), 1)
        ]


# What azure-functions itself keeps in an extension.
NO_OPTIONS = {"_scope", "_trigger_name", "_abc_impl"}


def options_of(owner: object) -> Any:
    """How an extension is configured: what it keeps of plain data, or what its hooks do."""
    kept = vars(getattr(owner, "_hooks", owner))
    return shown(
        {
            name.lstrip("_"): value
            for name, value in kept.items()
            if name not in NO_OPTIONS
            and not name.startswith("__")
            and isinstance(value, (str, int, float, list, tuple, dict, set, frozenset))
        }
    )
