import { Link } from "@tanstack/react-router"
import type { Generator } from "@/features/tasks/queries"
import { type Column, Table } from "@/ui/Table"

const COLUMNS: readonly Column<Generator>[] = [
  {
    name: "Name",
    cell: (generator) => (
      <Link
        to="/tasks/$generator"
        params={{ generator: generator.name }}
        className="font-medium whitespace-nowrap hover:underline"
      >
        {generator.name}
      </Link>
    ),
  },
  { name: "What it makes", cell: (generator) => generator.summary },
  {
    name: "Families",
    cell: (generator) => generator.families.length || "–",
    right: true,
    wide: true,
  },
  {
    name: "Ready",
    cell: (generator) =>
      generator.available ? (
        <span className="whitespace-nowrap text-ok">✓ ready</span>
      ) : (
        <code className="font-mono text-sm">{generator.install}</code>
      ),
  },
]

/** Where problems come from, and what is missing for it. */
export function GeneratorTable({ rows }: { rows: readonly Generator[] }) {
  return <Table label="Generators" rows={rows} columns={COLUMNS} keyOf={(generator) => generator.name} />
}
