"""/api/datasets/{key}/xray: rows as they will be trained, before anything is trained."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Path

from tunix_rt.datasets import xraying
from tunix_rt.datasets.xraying import confined_rendering
from tunix_rt.kit.http import OpenStore, ReadSettings, problems
from tunix_rt.kit.settings import Settings
from tunix_rt.rendering.schema_xray import Look, LookAtTraces, Xray

router = APIRouter(prefix="/datasets", tags=["datasets"])

Key = Annotated[str, Path(min_length=1, max_length=256)]
L = TypeVar("L", bound=Look)


@router.post("/xray", response_model=Xray, responses=problems(403, 404, 422, 501))
def xray_traces(store: OpenStore, settings: ReadSettings, look: LookAtTraces) -> Xray:
    """Stored traces as they would be trained, were they frozen."""
    return xraying.of_traces(store, _confined(look, settings))


@router.post("/{key}/xray", response_model=Xray, responses=problems(403, 404, 422, 501))
def xray_dataset(store: OpenStore, settings: ReadSettings, key: Key, look: Look) -> Xray:
    """The first rows of a version token by token, proofs and numbers; nothing is written."""
    return xraying.of_dataset(store, key, _confined(look, settings))


def _confined(look: L, settings: Settings) -> L:
    """The same with a tokenizer's folder that this server may read."""
    return look.model_copy(update={"rendering": confined_rendering(look.rendering, settings)})
