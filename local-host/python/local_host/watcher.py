"""Files that are saved."""

import os
import re
import sys
from pathlib import Path


class Watcher:
    """Notices what is saved: in the app, and in the modules that it has loaded from elsewhere."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen = self._look()

    def changed(self) -> str | None:
        """A file that has changed since this was made, once it is written."""
        now = self._look()
        names = [
            name
            for name in now.keys() | self._seen.keys()
            if now.get(name) != self._seen.get(name)
        ]
        # What has only been loaded since then has not changed.
        names = [
            name
            for name in names
            if name in self._seen or Path(name).is_relative_to(self._root)
        ]
        self._seen = now
        return os.path.relpath(min(names), self._root) if names else None

    def _look(self) -> dict[str, int]:
        files: list[str] = []
        for folder, folders, names in os.walk(self._root):
            if "pyvenv.cfg" in names:
                folders.clear()
                continue
            folders[:] = [
                one
                for one in folders
                if not one.startswith((".", "__pycache__", "node_modules"))
            ]
            files += [
                os.path.join(folder, name)
                for name in names
                if name.endswith((".py", ".json"))
            ]
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if (
                file
                and not re.search(r"[\\/](site|dist)-packages[\\/]", file)
                and not file.startswith(STANDARD_LIBRARY)
            ):
                files.append(file)
        return {
            file: os.stat(file).st_mtime_ns for file in files if os.path.exists(file)
        }


STANDARD_LIBRARY = os.path.dirname(os.__file__)
