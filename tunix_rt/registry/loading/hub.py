"""A model by the name of its folder, or by its id on the Hugging Face hub where a network is."""

import re
from pathlib import Path

from tunix_rt.kit.errors import BadInput, MissingExtra, NotFound, Unreachable

WANTED = ("*.safetensors", "*.json", "*.jinja", "*.model", "merges.txt")
"""What is downloaded: nothing that runs code when it is read."""

_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def is_hub_id(source: str) -> bool:
    """Whether this is written as the hub writes its ids: owner/name."""
    return _ID.fullmatch(source) is not None


def absolute(source: str) -> str:
    """A path that holds in another process, too; a hub's id is left as it is."""
    folder = Path(source).expanduser()
    return source if is_hub_id(source) and not folder.is_dir() else str(folder.absolute())


def resolve(source: str) -> Path:
    """The folder called `source`, or the one into which the hub's model is downloaded.

    What may be an id is none of a folder: `absolute` and servers say which of both was meant.
    """
    if is_hub_id(source):
        return _download(source)
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise NotFound(f"There is no folder {source[:200]!r}.")
    return folder


def _download(repo: str) -> Path:
    try:
        import huggingface_hub
        from huggingface_hub import errors
    except ImportError as error:
        raise MissingExtra(
            f"There is no folder {repo!r}, and huggingface_hub, which could ask the hub for it, "
            "is not installed.",
            hint="pip install 'tunix-rt[hub]'",
        ) from error
    try:
        return Path(huggingface_hub.snapshot_download(repo, allow_patterns=list(WANTED)))
    except errors.RepositoryNotFoundError:
        raise NotFound(
            f"There is no folder {repo!r}, and the hub has no such model that it would show us.",
            hint="A gated model needs `hf auth login` first.",
        ) from None
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled, OSError):
        raise Unreachable(
            f"There is no folder {repo!r}, and the hub cannot be reached to look for it there.",
            hint="Download the model where a network is, and import its folder.",
        ) from None
    except errors.HFValidationError:
        raise BadInput(f"{repo[:200]!r} is no id of a model.") from None
