"""Runs: long work, done by a worker, watched from anywhere.

schema.py      a run's states, what a job is, what a job is handed
table.py       the rows: run, log line, metric point, lineage edge
query.py       queue, claim, beat, finish: the only statements that change a state
query_read.py  lists, logs, metrics, lineage: the statements that only read
query_device.py  which devices are taken on a host
query_measure.py  counts and durations, for /metrics
accelerators.py  which kind of them this machine has
reporting.py   what a job uses to speak: log, metric, progress, cancel
working.py     the worker: claim, one child process per run, heart beat, takeover
child.py       inside that process: do the job, record how it ended
queueing.py    queue a run, and say so
waiting.py     wait for a run's end
streaming.py   follow a run's log as server-sent events
tracking.py    a run as TensorBoard and MLflow know it
jobs.py        the same as long work: the only one that is about runs themselves
routes.py      /api/runs, /api/lineage
commands.py    tunix-rt runs ...

This slice does not know what anybody else's work is. Slices above offer theirs in
their `jobs.py`; the doors hand them to the worker.
"""
