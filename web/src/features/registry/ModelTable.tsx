import { Link } from "@tanstack/react-router"
import type { Model } from "@/features/registry/queries"
import { type Column, Table } from "@/ui/Table"
import { moment } from "@/ui/words"

const COLUMNS: readonly Column<Model>[] = [
  {
    name: "Name",
    cell: (model) => (
      <Link to="/models/$id" params={{ id: model.id }} className="font-medium break-all hover:underline">
        {model.name}
      </Link>
    ),
  },
  { name: "Latest", cell: (model) => model.latest_version ?? "–" },
  { name: "Task", cell: (model) => <span className="text-muted">{model.task_type ?? "–"}</span>, wide: true },
  {
    name: "About",
    cell: (model) => <span className="text-muted">{model.description ?? "–"}</span>,
    wide: true,
  },
  {
    name: "Changed",
    cell: (model) => <span className="text-muted">{moment(model.updated_at)}</span>,
    wide: true,
  },
]

/** The families of models. */
export function ModelTable({ rows }: { rows: readonly Model[] }) {
  return <Table label="Models" rows={rows} columns={COLUMNS} keyOf={(model) => model.id} />
}
