"""Generate: models asked for answers.

Rooms: `schema` (Sampling, Completion), `completing` (ask a provider, order
kept), `health` (is RediAI up) and `providers/` (plugins: one module per place
where a model runs).
"""
