"""What a dataset is built from, its manifest, and how it looks from outside."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from tunix_rt.curate.schema import Pipeline
from tunix_rt.kit.ids import is_id
from tunix_rt.kit.words import STORABLE, Text
from tunix_rt.rendering.schema_options import Rendering
from tunix_rt.rendering.schema_proofs import ProofName, ProvenRendering

SCHEMA_VERSION = "3"
MOST = 10_000_000
"""Rows of one version."""


def _run_id(given: str | None) -> str | None:
    if given is not None and not is_id(given):
        raise ValueError("is not the id of a curation")
    return given


SplitName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
TRAIN = "train"
"""The split that models learn from; every other one is held out."""


class Part(BaseModel):
    """One part of a mixture: which traces, and how large its share of the rows is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[Text, Field(min_length=1, max_length=64)]
    query: Annotated[Text, Field(max_length=2000)] = ""
    """In the query language; a trace that two parts want goes to the first."""

    share: Annotated[float, Field(ge=1e-6, le=1e6, allow_inf_nan=False)]
    """Relative to the shares of the others."""


class Build(BaseModel):
    """A request to freeze a dataset; a key that is none of these is refused, not passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset_name: Annotated[Text, Field(min_length=1, max_length=128)]
    dataset_version: Annotated[Text, Field(min_length=1, max_length=64)]
    filters: Annotated[dict[str, JsonValue], STORABLE] = {}
    """Fields of the trace filter (source, model, verdict, q); others name meta values."""

    query: Annotated[Text | None, Field(max_length=2000)] = None
    """Which traces, in the query language; both the filters and the query must match."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    """Rows at most; of what a pipeline or a curation chose, all unless it is said."""

    selection_strategy: Literal["latest", "random"] = "latest"
    seed: int | None = None
    """Of the random choice and of the splits; chance depends on it and on what traces say."""

    splits: Annotated[dict[SplitName, Annotated[float, Field(gt=0, le=1)]], Field(max_length=8)] = {
        TRAIN: 1.0
    }
    """The share of the prompt groups that each split gets; together 1."""

    split_by: Literal["prompt", "template", "meta.split"] = "prompt"
    """What never stands in two splits: a prompt, whatever its case and spaces; a prompt with its
    numbers masked; or what the meta value `split` of each trace says, which is checked."""

    mixture: Annotated[tuple[Part, ...], Field(max_length=32)] = ()
    pipeline: Pipeline | None = None
    """Stages that choose among what its filter, the filters and the query match. It sets the
    order and the weights, and `limit` cuts only where it is given."""

    curation: Annotated[str | None, AfterValidator(_run_id)] = None
    """A finished curation to freeze, instead of a pipeline to run."""

    rendering: Rendering | None = None
    """How it will be trained, if that is to be proven: a broken proof refuses the version."""

    despite: Annotated[tuple[ProofName, ...], Field(max_length=9)] = ()
    """Proofs that may be broken."""

    session_id: Text | None = None
    parent_dataset_id: Text | None = None
    """An earlier version: what it holds out must not be trained on in this one."""

    training_run_id: Text | None = None
    licence: Annotated[Text | None, Field(max_length=200)] = None
    """Of traces whose meta names none."""

    provenance: Annotated[dict[str, JsonValue], STORABLE] = {}

    @model_validator(mode="before")
    @classmethod
    def _whole_choice(cls, given: Any) -> Any:
        """The limit is written down, for a request is read again by the run that freezes."""
        if not isinstance(given, dict) or "limit" in given:
            return given
        chosen = given.get("pipeline") is not None or given.get("curation") is not None
        return {**given, "limit": MOST} if chosen else given

    @model_validator(mode="after")
    def _holds_together(self) -> "Build":
        if self.selection_strategy == "random" and self.seed is None:
            raise ValueError("selection_strategy random needs a seed")
        if self.split_by != "meta.split" and abs(sum(self.splits.values()) - 1) > 1e-6:
            raise ValueError("the shares of the splits do not sum to 1")
        if self.despite and self.rendering is None:
            raise ValueError("without a rendering there is no proof to break")
        ways = [bool(self.mixture), self.pipeline is not None, self.curation is not None]
        if sum(ways) > 1:
            raise ValueError("give a mixture, a pipeline or a curation, not two of them")
        if self.curation is not None and (self.filters or self.query):
            raise ValueError("a curation has chosen already: leave out filters and query")
        if len({part.name for part in self.mixture}) != len(self.mixture):
            raise ValueError("two parts of the mixture have one name")
        return self


class Stats(BaseModel):
    """The contract's numbers about a dataset."""

    trace_count: int
    avg_step_count: float
    min_step_count: int
    max_step_count: int
    avg_total_chars: float


class Shard(BaseModel):
    """One Parquet file of a version, and the file that says which traces its rows were."""

    name: str
    split: str
    rows: int
    size_bytes: int
    sha256: str
    ids_sha256: str
    content_sha256: str
    """Over what the rows say, whatever file they are in."""


class SplitCount(BaseModel):
    """One split: its rows, and the hash over those of its shards."""

    name: str
    rows: int
    content_sha256: str


class Judged(BaseModel):
    """How many rows carry a verdict by this version of a verifier."""

    subject: str
    verifier: str
    version: str
    rows: int


class Curated(BaseModel):
    """The pipeline that chose the rows, and what became of what came to it."""

    run_id: str
    pipeline: dict[str, Any]
    pipeline_sha256: str
    selection_sha256: str
    versions: dict[str, str]
    """Of its stages."""

    funnel: list[dict[str, Any]]


class Version(BaseModel):
    """Everything that says what a dataset is, but for the ids of its traces; written once."""

    dataset_key: str
    build_id: str
    dataset_name: str
    dataset_version: str
    dataset_schema_version: str
    created_at: str
    filters: dict[str, Any]
    selection_strategy: str
    seed: int | None
    trace_count: int
    stats: Stats
    session_id: str | None
    parent_dataset_id: str | None
    training_run_id: str | None
    provenance: dict[str, Any]
    content_sha256: str
    """Over what the rows say, split by split: equal wherever the same traces were frozen alike."""

    file_sha256: str
    """Over the sha256 of every shard, in their order."""

    size_bytes: int
    verdicts: dict[str, int]
    """How many traces were right, wrong, undecided or unverified when frozen."""

    tool_version: str
    recipe: dict[str, Any] = {}
    """The request it was built from, complete."""

    shards: list[Shard] = []
    splits: list[SplitCount] = []
    sources: dict[str, int] = {}
    models: dict[str, int] = {}
    parts: dict[str, int] = {}
    """Rows of each part of a mixture or a curriculum."""

    curation: Curated | None = None
    rendering: ProvenRendering | None = None
    """The rendering that was proven with it; null where nobody asked for one."""

    verifiers: list[Judged] = []
    licences: dict[str, int] = {}
    """As the traces' meta names them; `unknown` where neither it nor the request does."""


class Manifest(Version):
    """A version with the ids of its traces, in the order of its rows."""

    trace_ids: list[str]


class Built(BaseModel):
    """What building says."""

    dataset_key: str
    build_id: str
    trace_count: int
    manifest_path: str
    content_sha256: str


class RowSummary(BaseModel):
    """One row of a version, its texts cut short; the trace has them whole."""

    place: int
    """From 0, over all splits."""

    trace_id: str
    split: str
    weight: float
    source: str
    model: str | None
    group: str
    prompt: str
    final_answer: str
    step_count: int
    verdict: str | None
    first_error: int | None


class RowPage(BaseModel):
    """Rows in the order of the version, and where the next page begins."""

    class Pagination(BaseModel):
        """How to ask for more."""

        limit: int
        start: int
        next_start: int | None

    data: list[RowSummary]
    pagination: Pagination


class Ingest(BaseModel):
    """A file on the server to take in."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[Text, Field(min_length=1, max_length=4096)]
    source_name: Annotated[Text, Field(min_length=1, max_length=200)]


class Ingested(BaseModel):
    """The traces of the file, in its order, those that were known already too."""

    ingested_count: int
    trace_ids: list[str]


class DatasetSummary(BaseModel):
    """One row of the list of datasets."""

    dataset_key: str
    dataset_name: str
    dataset_version: str
    trace_count: int
    content_sha256: str
    created_at: str


class DatasetPage(BaseModel):
    """Datasets, newest first."""

    class Pagination(BaseModel):
        """Where the next page begins."""

        limit: int
        offset: int
        next_offset: int | None

    data: list[DatasetSummary]
    pagination: Pagination
