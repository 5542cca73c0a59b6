import { Link } from "@tanstack/react-router"
import { type Observer, TRUTHS } from "@/features/observers/queries"
import { Interval } from "@/ui/Interval"
import { type Column, Table } from "@/ui/Table"
import { count, moment } from "@/ui/words"

const COLUMNS: readonly Column<Observer>[] = [
  {
    name: "Name",
    cell: (one) => (
      <Link to="/observers/$name" params={{ name: one.name }} className="font-medium hover:underline">
        {one.name}
      </Link>
    ),
  },
  {
    name: "AUC on unseen problems",
    cell: ({ quality }) => (
      <span className="flex items-center gap-3">
        <Interval value={quality.auc} low={quality.auc_low} high={quality.auc_high} />
        <span className="tabular-nums">{quality.auc.toFixed(3)}</span>
      </span>
    ),
  },
  { name: "Truth", cell: (one) => TRUTHS[one.config.truth], wide: true },
  { name: "Traces", cell: ({ quality }) => count(quality.traces), right: true, wide: true },
  {
    name: "Licence",
    cell: (one) =>
      one.licence ? <span className="text-ok">✓ licensed</span> : <span className="text-muted">none</span>,
  },
  {
    name: "Fitted",
    cell: (one) => <span className="whitespace-nowrap text-muted">{moment(one.created_at)}</span>,
    wide: true,
  },
]

/** Observers, newest first. */
export function ObserverTable({ rows }: { rows: readonly Observer[] }) {
  return <Table label="Observers" rows={rows} columns={COLUMNS} keyOf={(one) => one.name} />
}
