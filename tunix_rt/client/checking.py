"""Who checks the checkers: courts, judges, exams of planted errors, observers."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tunix_rt.client.talking import PAGE, Next, Talk, pages, part
from tunix_rt.court.schema import (
    Case,
    CasePage,
    Court,
    CourtConfig,
    CourtReport,
    Courts,
    KnownWitness,
    KnownWitnesses,
    Which,
)
from tunix_rt.exams.schema import (
    ErrorKind,
    Exam,
    ExamConfig,
    ExamItem,
    Exams,
    Format,
    ItemPage,
    NewScore,
    Score,
    Scores,
)
from tunix_rt.judges.schema import Judge, JudgeConfig, JudgeList, Judgement, Judgements, JudgeQueued
from tunix_rt.observers.schema import (
    FitConfig,
    NewExam,
    NewRanking,
    Observer,
    Observers,
    Ranked,
    RankedPage,
)
from tunix_rt.runs.schema import Queued
from tunix_rt.verify.schema import Subject


class CourtCalls:
    """Two verifiers heard on the same traces."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def list(self, *, limit: int = PAGE) -> Sequence[Court]:
        """The newest courts."""
        return self._talk.get("/api/court", Courts, limit=limit).data

    def hold(self, config: CourtConfig) -> Queued:
        """Queue a run that hears two witnesses on every trace of a selection."""
        return self._talk.post("/api/court", config, Queued)

    def witnesses(self, subject: Subject = "answer") -> Sequence[KnownWitness]:
        """Everybody who can be heard on a subject."""
        return self._talk.get("/api/court/witnesses", KnownWitnesses, subject=subject).data

    def get(self, court_id: str) -> CourtReport:
        """The confusion, the error rates against people's rulings, and the impact."""
        return self._talk.get(f"/api/court/{court_id}", CourtReport)

    def cases(
        self, court_id: str, *, which: Which = "disagreements", limit: int | None = None
    ) -> Iterator[Case]:
        """Cases of a court; of disagreements and audits, those that nobody has ruled on."""

        def page(cursor: str | None) -> Next[Case]:
            path = f"/api/court/{court_id}/cases"
            found = self._talk.get(path, CasePage, which=which, limit=PAGE, cursor=cursor)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def adopt(self, court_id: str) -> Queued:
        """Queue a run that writes down what a regrade has shown."""
        return self._talk.post(f"/api/court/{court_id}/adopt", None, Queued)


class JudgeCalls:
    """Models asked, by a rubric, whether traces are right."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def list(self, *, limit: int = PAGE) -> Sequence[Judge]:
        """The newest judges, with what they said."""
        return self._talk.get("/api/judges", JudgeList, limit=limit).data

    def ask(self, config: JudgeConfig) -> JudgeQueued:
        """Queue a run that asks a model about every matching trace it was not asked about."""
        return self._talk.post("/api/judges", config, JudgeQueued)

    def get(self, judge_id: str) -> Judge:
        """One judge: its rubric, its model, how often it said what."""
        return self._talk.get(f"/api/judges/{part(judge_id)}", Judge)

    def of_trace(self, trace_id: str) -> Sequence[Judgement]:
        """What every judge says of one trace, with each of its votes."""
        path = f"/api/traces/{trace_id}/judgements"
        return self._talk.get(path, Judgements).judgements


class ExamCalls:
    """Exams: verified traces with one known error each."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def list(self, *, limit: int = PAGE) -> Sequence[Exam]:
        """The newest exams."""
        return self._talk.get("/api/exams", Exams, limit=limit).data

    def make(self, config: ExamConfig) -> Queued:
        """Queue a run that plants one known error in each of so many verified traces."""
        return self._talk.post("/api/exams", config, Queued)

    def get(self, name: str) -> Exam:
        """One exam, and what it is made of."""
        return self._talk.get(f"/api/exams/{part(name)}", Exam)

    def items(
        self, name: str, *, kind: ErrorKind | None = None, limit: int | None = None
    ) -> Iterator[ExamItem]:
        """The changed traces, and where they were changed."""

        def page(cursor: str | None) -> Next[ExamItem]:
            path = f"/api/exams/{part(name)}/items"
            found = self._talk.get(path, ItemPage, kind=kind, limit=PAGE, cursor=cursor)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def sit(self, name: str, verifier: str = "claims") -> Queued:
        """Queue a run in which a step verifier sits an exam."""
        path = f"/api/exams/{part(name)}/scores"
        return self._talk.post(path, NewScore(verifier=verifier), Queued)

    def scores(self, name: str) -> Sequence[Score]:
        """How step verifiers did on an exam, newest first."""
        return self._talk.get(f"/api/exams/{part(name)}/scores", Scores).data

    def export(self, name: str, file: Path | str, *, format: Format = "processbench") -> Path:
        """Write an exam to a file: process labels, preference pairs or traces."""
        return self._talk.download(f"/api/exams/{part(name)}/export.jsonl", file, format=format)


class ObserverCalls:
    """Small models that say which traces to look at first."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def list(self, *, limit: int = PAGE) -> Sequence[Observer]:
        """The newest observers."""
        return self._talk.get("/api/observers", Observers, limit=limit).data

    def fit(self, config: FitConfig) -> Queued:
        """Queue a run that fits an observer on traces whose truth is known."""
        return self._talk.post("/api/observers", config, Queued)

    def get(self, name: str) -> Observer:
        """One observer: what counts, how good it is, the exams it sat."""
        return self._talk.get(f"/api/observers/{part(name)}", Observer)

    def examine(self, name: str, wanted: NewExam | None = None) -> Queued:
        """Queue an exam; passed, it is the licence to export labels."""
        path = f"/api/observers/{part(name)}/exams"
        return self._talk.post(path, wanted or NewExam(), Queued)

    def rank(self, name: str, wanted: NewRanking | None = None) -> Queued:
        """Queue a run that says of every matching trace how likely it is wrong."""
        path = f"/api/observers/{part(name)}/ranking"
        return self._talk.post(path, wanted or NewRanking(), Queued)

    def ranking(self, name: str, *, limit: int | None = None) -> Iterator[Ranked]:
        """Ranked traces, the likeliest wrong first."""

        def page(cursor: str | None) -> Next[Ranked]:
            path = f"/api/observers/{part(name)}/ranking"
            found = self._talk.get(path, RankedPage, limit=PAGE, cursor=cursor)
            return found.data, found.next_cursor

        return islice(pages(page), limit)

    def export(self, name: str, file: Path | str) -> Path:
        """Write what a licensed observer marks to a file."""
        return self._talk.download(f"/api/observers/{part(name)}/labels.jsonl", file)
