import { Link } from "@tanstack/react-router"
import type { Job } from "@/features/tune/queries"
import { shown } from "@/features/tune/trials"
import { Badge } from "@/ui/Badge"
import { NodeLink } from "@/ui/NodeLink"
import { type Column, Table } from "@/ui/Table"
import { moment } from "@/ui/words"

const COLUMNS: readonly Column<Job>[] = [
  {
    name: "Name",
    cell: (job) => (
      <Link to="/tuning/$id" params={{ id: job.id }} className="font-medium hover:underline">
        {job.name}
      </Link>
    ),
  },
  { name: "Status", cell: (job) => <Badge value={job.status} /> },
  {
    name: "Looks for",
    cell: (job) => (
      <span className="whitespace-nowrap">
        {job.metric_mode === "max" ? "highest" : "lowest"}{" "}
        <span className="font-mono text-sm">{job.metric_name}</span>
      </span>
    ),
    wide: true,
  },
  { name: "Trials", cell: (job) => job.num_samples, right: true },
  {
    name: "Dataset",
    cell: (job) => (
      <span className="whitespace-nowrap">
        <NodeLink node={{ kind: "dataset", id: job.dataset_key, label: "" }} />
      </span>
    ),
    wide: true,
  },
  {
    name: "Best values",
    cell: (job) => (
      <span className="font-mono text-sm">
        {Object.entries(job.best_params_json ?? {})
          .map(([name, value]) => `${name} ${shown(value)}`)
          .join(", ") || "–"}
      </span>
    ),
    wide: true,
  },
  {
    name: "Created",
    cell: (job) => <span className="whitespace-nowrap text-muted">{moment(job.created_at)}</span>,
    wide: true,
  },
]

/** Tuning jobs, newest first. */
export function JobTable({ rows }: { rows: readonly Job[] }) {
  return <Table label="Tuning jobs" rows={rows} columns={COLUMNS} keyOf={(job) => job.id} />
}
