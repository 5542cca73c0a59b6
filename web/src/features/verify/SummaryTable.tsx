import { Link } from "@tanstack/react-router"
import { type Group, type Summary, unjudged } from "@/features/verify/queries"
import { wordFor } from "@/ui/Badge"
import { withTerm } from "@/ui/query"
import { type Column, Table } from "@/ui/Table"
import { count } from "@/ui/words"

interface Props {
  summary: Summary
  /** What the traces were chosen by: a link narrows it. */
  query: string
}

const OUTCOMES = ["right", "wrong", "undecided"] as const

/** How many answers and steps are judged how, by source and model; all of them in the first row. */
export function SummaryTable({ summary, query }: Props) {
  const { total, groups } = summary
  const rows = groups.length === 1 ? groups : [total, ...groups]
  const chosen = (group: Group): string => {
    const source = group.source === null ? query : withTerm(query, "source", group.source)
    return group.model === null ? source : withTerm(source, "model", group.model)
  }
  const columns: Column<Group>[] = [
    {
      name: "Source",
      cell: (group) => (
        <>
          <Link to="/traces" search={{ query: chosen(group) }} className="link">
            {group.source ?? "All"}
          </Link>
          {group.model && (
            <span className="block text-sm break-words text-muted md:hidden">{group.model}</span>
          )}
        </>
      ),
    },
    { name: "Model", cell: (group) => group.model ?? "", wide: true },
    { name: "Traces", cell: (group) => count(group.traces), right: true },
    ...OUTCOMES.map((outcome) => ({
      name: `Answers ${wordFor(outcome).toLowerCase()}`,
      cell: (group: Group) =>
        group.answers[outcome] === 0 ? (
          <span className="text-muted">0</span>
        ) : (
          <Link to="/traces" search={{ query: withTerm(chosen(group), "verdict", outcome) }} className="link">
            {count(group.answers[outcome])}
          </Link>
        ),
      right: true,
    })),
    {
      name: "Answers not judged",
      cell: (group) => count(unjudged(group, "answers")),
      right: true,
      wide: true,
    },
    ...OUTCOMES.map((outcome) => ({
      name: `Steps ${wordFor(outcome).toLowerCase()}`,
      cell: (group: Group) => count(group.steps[outcome]),
      right: true,
      wide: true,
    })),
    { name: "Steps not judged", cell: (group) => count(unjudged(group, "steps")), right: true, wide: true },
    {
      name: "As labelled",
      cell: ({ labels }) =>
        labels.labelled > 0 ? (
          <span className="whitespace-nowrap">
            {count(labels.agree)} of {count(labels.labelled)}
          </span>
        ) : (
          "–"
        ),
      right: true,
      wide: true,
    },
  ]
  return (
    <Table
      label="Verdicts by source and model"
      rows={rows}
      columns={columns}
      keyOf={(group) => JSON.stringify([group.source, group.model])}
    />
  )
}
