"""Verify: is the answer right, and does each step follow?

schema.py     Verdict and StepsVerdict: right, wrong or undecided
table.py      one row per trace and verifier
query.py      what was said of which trace, and what is still to be judged
checking.py   the two catalogs, and the functions that call them
judging.py    one stored trace: its answer, its steps
recorded.py   the lines of a file, storing nothing
reading/      how any verifier reads an answer: spelling, packaging, numbers, units
answers/      one module per way to compare an answer
steps/        one module per way to judge steps
detectors/    one module per thing to warn of
numbers.py    the numbers that a text holds, for detectors
jobs.py       judge many traces, batch by batch
routes.py     /api/verify, /api/traces/{id}/verdicts
commands.py   tunix-rt verify ...
"""

from tunix_rt.verify.checking import check_answer

__all__ = ["check_answer"]
