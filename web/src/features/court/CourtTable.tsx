import { Link } from "@tanstack/react-router"
import { type Court, isOpen } from "@/features/court/queries"
import { Badge } from "@/ui/Badge"
import { type Column, Table } from "@/ui/Table"
import { count, moment } from "@/ui/words"

const COLUMNS: readonly Column<Court>[] = [
  {
    name: "Witnesses",
    cell: (court) => (
      <Link to="/court/$id" params={{ id: court.run_id }} className="link">
        {court.first} against {court.second}
      </Link>
    ),
  },
  { name: "On", cell: (court) => court.subject },
  {
    name: "Status",
    cell: (court) => (
      <span className="flex items-center gap-2 whitespace-nowrap">
        <Badge value={court.status} />
        {isOpen(court.status) && <span className="text-sm text-muted">{court.progress?.text}</span>}
      </span>
    ),
  },
  { name: "Cases", cell: (court) => count(court.cases), right: true },
  { name: "Disagreements", cell: (court) => count(court.disagreements), right: true },
  {
    name: "Held",
    cell: (court) => <span className="whitespace-nowrap text-muted">{moment(court.created_at)}</span>,
    wide: true,
  },
]

/** Courts, newest first. */
export function CourtTable({ rows }: { rows: readonly Court[] }) {
  return <Table label="Courts" rows={rows} columns={COLUMNS} keyOf={(court) => court.run_id} />
}
