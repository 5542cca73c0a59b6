"""Write openapi.json, which the web's types are made from: python -m tunix_rt.api.openapi."""

import json
import sys
import tempfile
from pathlib import Path

from tunix_rt.api.app import create_app
from tunix_rt.kit.settings import Settings
from tunix_rt.store import open_store


def document() -> str:
    """The OpenAPI document as it stands in the repository."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), database="")
        store = open_store(settings)
        app = create_app(store, settings)
        store.close()
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), "utf-8")
