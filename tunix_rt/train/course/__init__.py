"""A tool of every training backend: the course of a training, whatever library computes it.

`beginning` and `forked` (the model to begin with), `identity` (what checkpoints belong to),
`journal` (the steps that were told), `telling` (how they are told, and how it ends), `rewinding`
(back to an earlier checkpoint), `holding` (held-out loss), `fitting` (how many checkpoints there is
room for), `teaching` (supervised training to what is left), `pairs` and `preferring` (a right and a
wrong trace as tokens, in batches, and their training), `sizing` (what steps are timed with),
`trying` (what a step of a dry run takes). Of practising: `practising` (from the first measurement
to what is left), `rounds` (problems, answers, rewards, measuring), `sampling` (how a model is
asked), `advantages`, `turns` (what each step is taken on), `looks` (held-out accuracy, and when to
stop).
"""
