import { Link } from "@tanstack/react-router"
import { isOpen, type Summary } from "@/features/curate/queries"
import { Badge } from "@/ui/Badge"
import { Share } from "@/ui/Share"
import { type Column, Table } from "@/ui/Table"
import { count, moment, percent } from "@/ui/words"

const COLUMNS: readonly Column<Summary>[] = [
  {
    name: "Name",
    cell: (one) => (
      <Link to="/curate/$id" params={{ id: one.run_id }} className="font-medium hover:underline">
        {one.name}
      </Link>
    ),
  },
  {
    name: "Status",
    cell: (one) => (
      <span className="flex flex-wrap items-center gap-2">
        <Badge value={one.status} />
        {one.dry_run && <span className="text-sm text-muted">dry run</span>}
        {isOpen(one.status) && <span className="text-sm text-muted">{one.progress?.text}</span>}
      </span>
    ),
  },
  {
    name: "Kept",
    cell: (one) => (
      <span className="flex items-center gap-3">
        <span className="hidden w-24 md:block">
          <Share value={one.looked_at > 0 ? one.kept / one.looked_at : 0} />
        </span>
        <span className="whitespace-nowrap tabular-nums">
          {count(one.kept)} of {count(one.looked_at)}
        </span>
        {one.looked_at > 0 && (
          <span className="hidden text-muted tabular-nums md:inline">
            {percent(one.kept / one.looked_at)}
          </span>
        )}
      </span>
    ),
  },
  {
    name: "Started",
    cell: (one) => <span className="whitespace-nowrap text-muted">{moment(one.created_at)}</span>,
    wide: true,
  },
]

/** Curations, newest first. */
export function CurationTable({ rows }: { rows: readonly Summary[] }) {
  return <Table label="Curations" rows={rows} columns={COLUMNS} keyOf={(one) => one.run_id} />
}
