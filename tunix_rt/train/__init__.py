"""Train: examples and a recipe in, a model folder out.

Rooms: `schema` (Recipe, TrainJob, Progress, TrainResult), `recipes` (read one
from TOML), `starting` (those to begin with), `contract` and `manifest` (what
earlier clients send and get), `training` (hand a job to its backend) and
`backends/` (plugins: one per training library).
"""
