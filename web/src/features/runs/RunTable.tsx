import { Link } from "@tanstack/react-router"
import { Progress } from "@/features/runs/Progress"
import type { RunRow } from "@/features/runs/queries"
import { Badge } from "@/ui/Badge"
import { type Column, Table } from "@/ui/Table"
import { lasted, moment, number } from "@/ui/words"

const COLUMNS: readonly Column<RunRow>[] = [
  {
    name: "Name",
    cell: (run) => (
      <Link to="/runs/$id" params={{ id: run.id }} className="font-medium hover:underline">
        {run.name || run.kind}
      </Link>
    ),
  },
  { name: "Kind", cell: (run) => <span className="text-muted">{run.kind}</span>, wide: true },
  { name: "Status", cell: (run) => <Badge value={run.status} /> },
  { name: "Progress", cell: (run) => <Progress run={run} />, wide: true },
  { name: "Dataset", cell: (run) => <Dataset dataset={run.dataset_key} />, wide: true },
  { name: "Model", cell: (run) => <span className="text-muted">{run.model_id ?? "–"}</span>, wide: true },
  { name: "Loss", cell: (run) => last(run, "loss"), right: true, wide: true },
  {
    name: "Took",
    cell: (run) => (
      <span className="whitespace-nowrap">
        {run.started_at ? lasted(run.started_at, run.completed_at) : "–"}
      </span>
    ),
    right: true,
  },
  {
    name: "Created",
    cell: (run) => <span className="text-muted">{moment(run.created_at)}</span>,
    wide: true,
  },
]

/** Long work, newest first. */
export function RunTable({ rows }: { rows: readonly RunRow[] }) {
  return <Table label="Runs" rows={rows} columns={COLUMNS} keyOf={(run) => run.id} />
}

function Dataset({ dataset }: { dataset: string | null }) {
  if (!dataset) return "–"
  return (
    <Link to="/datasets/$key" params={{ key: dataset }} className="font-mono text-sm hover:underline">
      {dataset}
    </Link>
  )
}

function last(run: RunRow, metric: string): string {
  const value = run.last_metrics?.[metric]
  return typeof value === "number" ? number(value) : "–"
}
