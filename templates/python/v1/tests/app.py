"""The app, on the local host."""

import sys
from pathlib import Path
from typing import ClassVar
from unittest import SkipTest, TestCase

from local_host import LocalHost

ROOT = Path(__file__).resolve().parent.parent


class AppTestCase(TestCase):
    """A test of the app, which runs with worker extensions switched on."""

    host: ClassVar[LocalHost]

    @classmethod
    def setUpClass(cls) -> None:
        if sys.version_info >= (3, 13):
            raise SkipTest(
                "from Python 3.13 on, hooks run in the programming model v2 only"
            )
        cls.host = LocalHost(ROOT, {"PYTHON_ENABLE_WORKER_EXTENSIONS": "1"}).start()
        cls.addClassCleanup(cls.host.stop)
