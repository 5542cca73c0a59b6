"""Client: one server, and its calls by subject."""

from types import TracebackType
from typing import Self

from tunix_rt.client.checking import CourtCalls, ExamCalls, JudgeCalls, ObserverCalls
from tunix_rt.client.comparing import Regression, Tuning
from tunix_rt.client.curating import Curations
from tunix_rt.client.datasets import Datasets
from tunix_rt.client.measuring import Evaluations, Suites, Tasks, Verify
from tunix_rt.client.models import Models
from tunix_rt.client.runs import Runs
from tunix_rt.client.server import Games, Server
from tunix_rt.client.talking import Talk
from tunix_rt.client.traces import Traces
from tunix_rt.client.training import Training

LOCAL = "http://localhost:8000"


class Client:
    """The calls of one server; used as a context it closes its connections.

    `timeout` is how many seconds one answer may stay silent. `patience` is for how many seconds a
    request that failed on the way, and can safely be repeated, is tried again; 0 tries once.
    """

    def __init__(self, url: str = LOCAL, *, timeout: float = 60.0, patience: float = 30.0) -> None:
        self._talk = Talk(url, timeout=timeout, patience=patience)
        self.traces = Traces(self._talk)
        self.datasets = Datasets(self._talk)
        self.curations = Curations(self._talk)
        self.runs = Runs(self._talk)
        self.training = Training(self._talk)
        self.evaluations = Evaluations(self._talk)
        self.tasks = Tasks(self._talk)
        self.suites = Suites(self._talk)
        self.verify = Verify(self._talk)
        self.court = CourtCalls(self._talk)
        self.judges = JudgeCalls(self._talk)
        self.exams = ExamCalls(self._talk)
        self.observers = ObserverCalls(self._talk)
        self.regression = Regression(self._talk)
        self.tuning = Tuning(self._talk)
        self.models = Models(self._talk)
        self.games = Games(self._talk)
        self.server = Server(self._talk)

    def close(self) -> None:
        """Close every connection."""
        self._talk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
