"""The app, on the local host."""

from pathlib import Path
from typing import ClassVar
from unittest import TestCase

from local_host import LocalHost

ROOT = Path(__file__).resolve().parent.parent


class AppTestCase(TestCase):
    """A test of the app, which runs with worker extensions switched on."""

    host: ClassVar[LocalHost]

    @classmethod
    def setUpClass(cls) -> None:
        cls.host = LocalHost(ROOT, {"PYTHON_ENABLE_WORKER_EXTENSIONS": "1"}).start()
        cls.addClassCleanup(cls.host.stop)
