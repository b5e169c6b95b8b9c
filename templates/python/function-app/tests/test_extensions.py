"""What extensions name, and the app has to have."""

import json
import os
import sys
from pathlib import Path

from azure.functions import ExtensionMeta

from tests.app import ROOT, AppTestCase


class ExtensionsTest(AppTestCase):
    def test_the_app_has_the_functions_that_extensions_name(self) -> None:
        functions = {one.partition(":")[0] for one in self.host.host.describe()}
        registered = json.loads(ExtensionMeta.get_registered_extensions_json())
        known = {one.lower() for one in functions}
        named = registered.get("FuncExtension", {})
        missing = {one: named[one] for one in named if one.lower() not in known}
        self.assertEqual(missing, {}, f"The app has: {', '.join(functions)}.")

    def test_the_app_has_the_settings_that_extensions_read(self) -> None:
        if not (ROOT / "local.settings.json").exists():
            self.skipTest("a fresh clone has no local.settings.json")
        missing = [one for one in settings_of_extensions() if not os.environ.get(one)]
        self.assertEqual(missing, [])


def settings_of_extensions() -> list[str]:
    """The app settings that packages say they read, in worker_extension.json."""
    files = (getattr(one, "__file__", None) for one in list(sys.modules.values()))
    paths = {Path(file).with_name("worker_extension.json") for file in files if file}
    descriptions = [json.loads(one.read_text("utf-8")) for one in paths if one.exists()]
    return [name for one in descriptions for name in one.get("settings", {})]
