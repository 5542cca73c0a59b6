"""Whether a model may practise: what speaks against it, and what to do instead."""

from tunix_rt.kit.errors import BadInput
from tunix_rt.train.schema_grpo import Doubt, Measured, Readiness


def doubts(found: Measured, asked: Readiness) -> dict[Doubt, str]:
    """What speaks against practising from a model that did so, each in a sentence."""
    said: dict[Doubt, str] = {}
    if found.greedy < asked.greedy:
        said["greedy"] = f"Only {found.greedy:.1%} of its greedy answers are right."
    if found.sampled < asked.ratio * found.greedy:
        said["ratio"] = (
            f"At the rollouts' temperature {found.sampled:.1%} are right, "
            f"greedily {found.greedy:.1%}."
        )
    if found.entropy > asked.entropy:
        said["entropy"] = f"It is undecided: {found.entropy:.3f} nats a token."
    if found.varied < asked.varied:
        said["varied"] = f"Only {found.varied:.1%} of the groups have rewards that differ."
    return said


def advice(found: Measured, asked: Readiness) -> str:
    """What to do, in one sentence."""
    said = doubts(found, asked)
    if not said:
        return "It is ready: practise."
    if "greedy" in said:
        return "Teach it first: too few answers are right to learn from."
    if "ratio" in said or "entropy" in said:
        return "Finish teaching it on fewer distinct traces, until it is sure of what it says."
    if found.greedy > 0.5:
        return "It has little left to learn here: give it harder problems, or more traces."
    return "Give it easier problems, more rollouts a group, or rewards for single steps."


def require(found: Measured, asked: Readiness) -> None:
    """`BadInput` where a doubt is not overridden by its name."""
    stopping = {
        name: text for name, text in doubts(found, asked).items() if name not in asked.override
    }
    if stopping:
        names = ", ".join(f'"{name}"' for name in stopping)
        raise BadInput(
            f"The model is not ready to practise. {' '.join(stopping.values())}",
            hint=f"{advice(found, asked)} Or set grpo.readiness.override = [{names}].",
        )
