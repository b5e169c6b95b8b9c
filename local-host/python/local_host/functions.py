"""Functions, as the Python worker loads them."""

import functools
import importlib
import inspect
import json
import os
import re
import sys
import traceback
import types
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import azure.functions
from azure.functions.meta import Datum, get_binding_registry

from . import PIP
from .errors import StartError
from .settings import is_disabled, read_json

# A binding as function.json has it: name, type, direction, and what the type adds.
Binding = dict[str, Any]


class GenericConverter:
    """Passes on the values of bindings that azure-functions has no converter for."""

    @classmethod
    def has_implicit_output(cls) -> bool:
        return True

    @classmethod
    def has_trigger_support(cls) -> bool:
        return False

    @classmethod
    def check_input_type_annotation(cls, pytype: type) -> bool:
        return issubclass(pytype, (str, bytes))

    @classmethod
    def check_output_type_annotation(cls, pytype: type) -> bool:
        return issubclass(pytype, (str, bytes, bytearray))

    @classmethod
    def encode(cls, value: object, *, expected_type: object) -> Datum:
        kinds: list[tuple[str, type | tuple[type, ...]]] = [
            ("string", str),
            ("bytes", (bytes, bytearray)),
            ("dict", dict),
            ("list", list),
            ("int", int),
            ("double", float),
        ]
        for kind, classes in kinds:
            if isinstance(value, classes):
                return Datum(value, kind)
        if value is None:
            return Datum(None, None)
        raise NotImplementedError

    @classmethod
    def decode(cls, data: Datum | None, *, trigger_metadata: object) -> object:
        if data is not None and data.type not in ("string", "bytes", "json", None):
            raise ValueError(
                f'unexpected type of data received for the "generic" binding {data.type!r}'
            )
        return None if data is None else data.value


def converter_of(binding_type: str) -> Any:
    registry: Any = get_binding_registry()  # type: ignore[no-untyped-call]
    return registry.get(binding_type) or GenericConverter


def has_implicit_output(binding_type: str) -> bool:
    has = getattr(converter_of(binding_type), "has_implicit_output", None)
    return binding_type != "durableClient" and has is not None and bool(has())


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function, or what it returns."""

    binding_type: str
    """By which its converter is found."""
    pytype: Any = None
    is_deferred: bool = False
    """Whether it is a client of an SDK, such as ``BlobClient``."""


@dataclass
class Function:
    """A function of the app."""

    name: str
    code: Callable[..., Any]
    directory: str
    """What ``context.function_directory`` says."""
    load_directory: str
    """What the hooks that follow the loading are told."""
    bindings: list[Binding]
    disabled: object = None
    inputs: dict[str, Parameter] = field(default_factory=dict)
    outputs: dict[str, Parameter] = field(default_factory=dict)
    returns: Parameter | None = None
    wants_context: bool = False
    error: str | None = None
    """Why it was not loaded."""
    is_observed: bool = False

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.code)

    @property
    def trigger(self) -> Binding:
        return next(
            (one for one in self.bindings if one["type"].lower().endswith("trigger")),
            {"type": "", "name": ""},
        )

    @property
    def is_http(self) -> bool:
        return bool(self.trigger["type"].lower() == "httptrigger")

    @property
    def route(self) -> str:
        """As registered, or the name of the function."""
        return str(self.trigger.get("route") or "").strip() or self.name

    @property
    def methods(self) -> list[str] | None:
        """In upper case; ``None`` for any."""
        methods = self.trigger.get("methods")
        return [str(one).upper() for one in methods] if methods else None

    @property
    def is_disabled(self) -> bool:
        return is_disabled(self.name, self.disabled)

    def binding(self, name: str) -> Binding:
        return next(one for one in self.bindings if one["name"] == name)


class LoadError(Exception):
    """Why the worker refuses a function."""


def script_name() -> str:
    """The file that makes an app one of the programming model v2."""
    return os.environ.get("PYTHON_SCRIPT_FILE_NAME") or "function_app.py"


@functools.cache
def load_functions(root: Path) -> list[Function]:
    """Load the app as the worker does: from function_app.py, or else from the folders with a function.json.

    Once: an app does not tell its functions twice.

    :raises StartError: That says what is wrong, with the file and line of the app.
    """
    sys.path.insert(0, str(root))
    packages = root / ".python_packages/lib/site-packages"
    if packages.is_dir():
        sys.path.insert(1, str(packages))
    script = script_name()
    if (root / script).exists():
        return load_v2(root, script)
    folders = sorted(file.parent for file in root.glob("*/function.json"))
    if folders:
        return [load_v1(root, folder) for folder in folders]
    raise StartError(
        f"There is neither {script} nor a folder with a function.json in {root}, so there are no functions."
    )


def load_v2(root: Path, script: str) -> list[Function]:
    register = getattr(azure.functions, "FunctionRegister", None)
    if register is None:
        raise StartError(
            f"This azure-functions is too old for function_app.py. Run: {PIP} install --upgrade azure-functions"
        )
    with reporting(root, script):
        module = importlib.import_module(Path(script).stem)
        apps = [value for value in vars(module).values() if isinstance(value, register)]
        if len(apps) != 1:
            raise StartError(
                f"{script} has {len(apps)} function apps at its top level, and has to have one."
            )
        functions = []
        for built in apps[0].get_functions():
            code = built.get_user_function()
            functions.append(
                Function(
                    name=built.get_function_name(),
                    code=code,
                    directory=str(Path(inspect.getfile(code)).parent),
                    load_directory=str(root),
                    bindings=[
                        to_binding(json.loads(one)) for one in built.get_raw_bindings()
                    ],
                )
            )
            examine(functions[-1])
    return functions


def load_v1(root: Path, folder: Path) -> Function:
    """A function with a folder of its own. If it cannot be loaded, the others still run."""
    try:
        content = read_json(folder / "function.json")
        bindings = [to_binding(one) for one in content.get("bindings") or []]
    except StartError as error:
        raise StartError(f"{folder.name}/{error}") from None
    function = Function(
        folder.name,
        lambda: None,
        str(folder),
        str(folder),
        bindings,
        content.get("disabled"),
    )
    script = content.get("scriptFile") or "__init__.py"
    path = (folder / script).resolve()
    try:
        with reporting(root, f"{folder.name}/{script}"):
            parts = ["__app__", *path.parent.relative_to(root).parts]
            name = ".".join(parts if path.stem == "__init__" else [*parts, path.stem])
            namespace = sys.modules.setdefault("__app__", types.ModuleType("__app__"))
            namespace.__path__ = [str(root)]
            module = importlib.import_module(name)
            entry = content.get("entryPoint") or "main"
            code = getattr(module, entry, None)
            if not callable(code):
                raise LoadError(
                    f"cannot load function {function.name}: function {entry}() is not present in {script}"
                )
            function.code = code
            examine(function)
    except StartError as error:
        function.error = str(error)
    return function


def to_binding(raw: Binding) -> Binding:
    """A binding, with its direction in one form."""
    direction = str(raw.get("direction") or "in").lower()
    return {
        **raw,
        "name": str(raw.get("name", "")),
        "type": str(raw.get("type", "")),
        "direction": direction,
    }


@contextmanager
def reporting(root: Path, script: str) -> Iterator[None]:
    """Make one line of what the app's own code raises while it is loaded.

    :raises StartError: With the file and line.
    """
    try:
        yield
    except (StartError, KeyboardInterrupt):
        raise
    except LoadError as error:
        raise StartError(f"{script}: {error}") from None
    except BaseException as error:
        reason = f"{type(error).__name__}: {message_of(error)}"
        raise StartError(f"{place_of(error, root, script)}: {reason}") from error


def place_of(error: BaseException, root: Path, script: str) -> str:
    """The last line of the app's own that was run, but for what is installed in its folder."""
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno
    else:
        installed = re.compile(r"[\\/](site-packages|\.?venv)[\\/]")
        frames = [
            (frame.filename, frame.lineno)
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).is_relative_to(root)
            and not installed.search(frame.filename)
            and frame.filename != __file__
        ]
        file, line = frames[-1] if frames else (script, None)
    if Path(file).is_relative_to(root):
        file = str(Path(file).relative_to(root))
    return file if line is None else f"{file}:{line}"


def message_of(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    message = " ".join(str(text).split())
    if isinstance(error, ModuleNotFoundError):
        return f"{message}. Is it in requirements.txt? Run: {PIP} install -r requirements.txt"
    return message


def examine(function: Function) -> None:
    """Find out what a function takes and returns, and check it as the worker does.

    :raises LoadError: With the text that the worker logs.
    """

    def refuse(reason: str) -> LoadError:
        return LoadError(f"cannot load the {function.name} function: {reason}")

    parameters = dict(inspect.signature(function.code).parameters)
    annotations = typing.get_type_hints(function.code)
    bound: dict[str, Binding] = {}
    returned: str | None = None
    for binding in function.bindings:
        name = binding["name"]
        if binding["direction"] == "inout":
            raise refuse('"inout" bindings are not supported')
        if name == "$return" and binding["direction"] != "out":
            raise refuse('"$return" binding must have direction set to "out"')
        if name != "$return":
            bound[name] = binding
    explicit = next(
        (one["type"] for one in function.bindings if one["name"] == "$return"), None
    )
    implicit = [
        one["type"] for one in bound.values() if has_implicit_output(one["type"])
    ]
    returned = explicit or (implicit[-1] if implicit else None)

    if "context" in parameters and "context" not in bound:
        function.wants_context = True
        del parameters["context"]
        annotation = annotations.get("context")
        if annotation is not None and getattr(annotation, "__name__", "") != "Context":
            raise refuse(
                'the "context" parameter is expected to be of type azure.functions.Context, '
                f'got "{annotation!r}"'
            )
    if set(parameters) - set(bound):
        raise refuse(
            "the following parameters are declared in Python but not in the function definition "
            f"(function.json or function decorators): {set(parameters) - set(bound)!r}"
        )
    if set(bound) - set(parameters):
        raise refuse(
            "the following parameters are declared as bindings but are not present in Python: "
            f"{set(bound) - set(parameters)!r}"
        )
    for name in parameters:
        try:
            parameter = examine_parameter(
                bound[name], annotations.get(name), name in annotations
            )
        except LoadError as error:
            raise refuse(str(error)) from None
        (function.outputs if bound[name]["direction"] == "out" else function.inputs)[
            name
        ] = parameter
    if returned is not None:
        pytype = annotations.get("return")
        if explicit and "return" in annotations:
            if not isinstance(pytype, type):
                raise refuse(f"has invalid non-type return annotation {pytype!r}")
            if not accepts_output(returned, pytype):
                raise refuse(
                    f'Python return annotation "{pytype.__name__}" does not match binding type "{returned}"'
                )
        function.returns = Parameter(returned, pytype)


def examine_parameter(
    binding: Binding, annotation: Any, has_annotation: bool
) -> Parameter:
    name, kind = binding["name"], binding["type"]
    is_out = (
        getattr(typing.get_origin(annotation) or annotation, "__name__", "") == "Out"
    )
    pytype = annotation
    if is_out:
        arguments = typing.get_args(annotation)
        if len(arguments) != 1:
            raise LoadError(f"binding {name} has invalid Out annotation {annotation!r}")
        (pytype,) = arguments
    if not has_annotation:
        return Parameter(kind)
    if is_deferred(pytype):
        return Parameter(kind, pytype, True)
    if not isinstance(pytype, type) and not is_generic(pytype):
        raise LoadError(
            f"binding {name} has invalid non-type annotation {annotation!r}"
        )
    if (binding["direction"] == "out") != is_out:
        expected = (
            "not a subclass of azure.functions.Out"
            if not is_out
            else "azure.functions.Out in Python"
        )
        raise LoadError(
            f'binding {name} is declared to have the "{binding["direction"]}" direction, '
            f"but its annotation in Python is {expected}"
        )
    found = (
        "generic" if pytype in (str, bytes) and not has_implicit_output(kind) else kind
    )
    accepts = accepts_output(found, pytype) if is_out else accepts_input(found, pytype)
    if not accepts:
        raise LoadError(
            f'type of {name} binding in the binding decorator "{kind}" does not match its Python annotation '
            f'"{getattr(pytype, "__name__", pytype)}"'
        )
    return Parameter(found, pytype)


def is_generic(annotation: Any) -> bool:
    """``typing.List[str]``, but not ``list[str]``, nor a union."""
    origin = typing.get_origin(annotation)
    is_alias = origin is not None and not isinstance(
        annotation, (types.GenericAlias, types.UnionType)
    )
    return is_alias and origin not in (typing.Union, tuple, Callable)


def accepts_input(binding_type: str, pytype: Any) -> bool:
    web = streaming_extension()
    if web is not None and binding_type == "httpTrigger":
        return bool(web.RequestTrackerMeta.check_type(pytype))
    return bool(converter_of(binding_type).check_input_type_annotation(pytype))


def accepts_output(binding_type: str, pytype: Any) -> bool:
    web = streaming_extension()
    if web is not None and binding_type == "http":
        return bool(web.ResponseTrackerMeta.check_type(pytype))
    return bool(converter_of(binding_type).check_output_type_annotation(pytype))


def is_deferred(pytype: Any) -> bool:
    """Whether a type is one of an SDK, which azurefunctions-extensions-bindings-… makes."""
    base = sys.modules.get("azurefunctions.extensions.base")
    return base is not None and bool(
        base.get_binding_registry().check_supported_type(pytype)
    )


def streaming_extension() -> Any:
    """azurefunctions.extensions.base, if the app streams by one of its extensions."""
    base = sys.modules.get("azurefunctions.extensions.base")
    return (
        base
        if base is not None and base.HttpV2FeatureChecker.http_v2_enabled()
        else None
    )
