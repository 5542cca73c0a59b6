"""Train: examples and a recipe in, a model folder out.

Rooms: `schema` (Recipe, TrainJob, Progress, TrainResult), `recipes` (read one
from TOML), `training` (hand a job to its backend) and `backends/` (plugins: one
per training library).
"""
