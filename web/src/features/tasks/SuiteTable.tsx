import { Link } from "@tanstack/react-router"
import type { Suite } from "@/features/tasks/queries"
import { Short } from "@/ui/Facts"
import { type Column, Table } from "@/ui/Table"
import { count, moment } from "@/ui/words"

const COLUMNS: readonly Column<Suite>[] = [
  {
    name: "Name",
    cell: (suite) => (
      <Link to="/tasks/suites/$name" params={{ name: suite.name }} className="font-medium hover:underline">
        {suite.name}
      </Link>
    ),
  },
  { name: "Items", cell: (suite) => count(suite.item_count), right: true },
  { name: "From", cell: (suite) => origin(suite) },
  { name: "Digest", cell: (suite) => <Short>{suite.digest}</Short>, wide: true },
  {
    name: "Made",
    cell: (suite) => <span className="whitespace-nowrap text-muted">{moment(suite.created_at)}</span>,
    wide: true,
  },
]

/** Frozen selections of tasks, newest first. */
export function SuiteTable({ rows }: { rows: readonly Suite[] }) {
  return <Table label="Suites" rows={rows} columns={COLUMNS} keyOf={(suite) => suite.name} />
}

function origin({ origin: { generator, split, file } }: Suite): string {
  if (generator) return split ? `${generator}, ${split}` : String(generator)
  return String(file ?? "–")
}
