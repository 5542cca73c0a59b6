"""Wheel hook: put the built web into the wheel, where node is there to build it.

Without node the wheel has no pages, and the server's page says how to get them; a release
sets TUNIX_RT_REQUIRE_WEB=1, which refuses such a wheel.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebHook(BuildHookInterface):
    """Runs before a wheel is put together; an editable install stays quick."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the web if it is stale."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from tunix_rt.api.building import ensure_built

        static = root / "tunix_rt" / "api" / "static"
        ensure_built(self.app.display_info, sources=root / "web", static=static)
        if os.environ.get("TUNIX_RT_REQUIRE_WEB") and not (static / "index.html").is_file():
            raise RuntimeError("the web is not built, and TUNIX_RT_REQUIRE_WEB asks for it")
