import { Link } from "@tanstack/react-router"
import type { Dataset } from "@/features/datasets/queries"
import { Short } from "@/ui/Facts"
import { type Column, Table } from "@/ui/Table"
import { count, moment } from "@/ui/words"

const COLUMNS: readonly Column<Dataset>[] = [
  {
    name: "Name",
    cell: (dataset) => (
      <Link
        to="/datasets/$key"
        params={{ key: dataset.dataset_key }}
        className="font-medium break-all hover:underline"
      >
        {dataset.dataset_name}
      </Link>
    ),
  },
  { name: "Version", cell: (dataset) => dataset.dataset_version },
  { name: "Traces", cell: (dataset) => count(dataset.trace_count), right: true },
  {
    name: "Content",
    cell: (dataset) => (
      <span className="text-muted">{dataset.content_sha256 && <Short>{dataset.content_sha256}</Short>}</span>
    ),
    wide: true,
  },
  {
    name: "Frozen",
    cell: (dataset) => <span className="text-muted">{moment(dataset.created_at)}</span>,
    wide: true,
  },
]

/** The frozen collections, newest first. */
export function DatasetTable({ rows }: { rows: readonly Dataset[] }) {
  return <Table label="Datasets" rows={rows} columns={COLUMNS} keyOf={(dataset) => dataset.dataset_key} />
}
