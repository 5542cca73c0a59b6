"""Tasks: a prompt, the answer we expect, and the verifier that compares.

Rooms: `schema` (Task, Step), `generating` (the first n tasks of a seed),
`generators/` (plugins that make tasks), and, for what is stored, `table`,
`query`, `suites`, `commands`.
"""
