"""The exam of an observer: is it wrong as often as it says, on problems it has not seen?

It marks a stated share of the traces, the likeliest wrong ones. It passes when the lower end
of a one-sided 95 % interval (Wilson) of its precision is at least what was asked. Traces as
likely as the last one marked are marked too. The share and the precision are fixed before; whoever
tries several and keeps the best has fooled himself.
"""

from tunix_rt.kit.errors import BadInput
from tunix_rt.kit.ids import iso, now
from tunix_rt.kit.proportions import wilson
from tunix_rt.observers import query
from tunix_rt.observers.fitting import Known
from tunix_rt.observers.gathering import known
from tunix_rt.observers.model import fits, probability
from tunix_rt.observers.schema import Exam, ExamineConfig, Model
from tunix_rt.runs.schema import Run

Z_ONE_SIDED = 1.6448536269514722
"""The 95 % quantile of the standard normal distribution."""


def examine(run: Run, config: ExamineConfig) -> Exam:
    """Let an observer sit an exam on stored traces, and record the result."""
    with run.store.read() as connection:
        model = fits(query.model_of(connection, config.observer))
        seen = query.learned_from(connection, config.observer)
    found, left_out = known(run, config.filter, config.truth, config.limit, without=seen)
    exam = marked(config, model, found, left_out)
    with run.write() as connection:
        query.add_exam(connection, exam)
    return exam


def marked(config: ExamineConfig, model: Model, found: Known, left_out: int) -> Exam:
    """The result of an exam: what was marked, and how much of it is wrong."""
    number = int(len(found.wrong) * config.coverage)
    if number == 0:
        raise BadInput(
            f"A share of {config.coverage:g} of {len(found.wrong)} traces is not one trace."
        )
    scored = zip((probability(model, values) for values in found.values), found.wrong, strict=True)
    ranked = sorted(scored, key=lambda pair: -pair[0])
    threshold = ranked[number - 1][0]
    top = [wrong for likely, wrong in ranked if likely >= threshold]
    wrong = sum(top)
    low, _ = wilson(wrong, len(top), Z_ONE_SIDED)
    return Exam(
        id=query.new_exam_id(),
        observer=config.observer,
        coverage=config.coverage,
        required=config.precision,
        marked=len(top),
        traces=len(found.wrong),
        left_out=left_out,
        wrong=wrong,
        precision=wrong / len(top),
        low=low,
        threshold=threshold,
        passed=low >= config.precision,
        truth=config.truth,
        created_at=iso(now()),
    )
