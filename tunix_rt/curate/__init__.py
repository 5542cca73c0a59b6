"""Choose traces, and say why: pipelines of stages, each trace kept or dropped with a reason.

| module | what it does |
|---|---|
| `schema`, `schema_report` | pipelines, what a stage sees and says; what is shown of a curation |
| `stages/` | the plugins: each begins with its options and judges traces |
| `staging`, `files` | stages by name, their options checked; pipelines from files |
| `wording`, `grouping` | words, grams and masked text; groups of more traces than fit in memory |
| `pipeline`, `ledger`, `seeing` | the passes over the traces and what each stage is handed |
| `chosen` | what a finished curation selects, for those who freeze it |
| `reading` | funnels, decisions, clusters and hits as the doors show them |
"""
