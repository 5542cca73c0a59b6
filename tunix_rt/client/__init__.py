"""A server's calls from Python: `with Client("http://localhost:8000") as c: c.traces.post(...)`.

    client.py       Client, and what hangs from it
    talking.py      requests and retries
    failing.py      RequestFailed, the one exception
    traces.py       read, find, mark, delete, export
    sending.py      traces in: one, many, a stream of any length
    curating.py     pipelines, their funnels, decisions, clusters and hits
    datasets.py     freeze, list, export
    runs.py         long work: follow, wait, cancel
    training.py     the training calls of the contract
    measuring.py    evaluations, the leaderboard, suites, verdicts
    comparing.py    baselines, checks, tuning jobs
    models.py       registered models
    server.py       health, version, the engines beside the server

It speaks HTTP and knows the slices' shapes; it has no database, and imports no server.
"""

from tunix_rt.client.client import Client
from tunix_rt.client.failing import Field, RequestFailed

__all__ = ["Client", "Field", "RequestFailed"]
