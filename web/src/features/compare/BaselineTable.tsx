import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type Baseline, gates } from "@/features/compare/queries"
import { NodeLink } from "@/ui/NodeLink"
import { type Column, Table } from "@/ui/Table"
import { moment, number } from "@/ui/words"

const COLUMNS: readonly Column<Baseline>[] = [
  {
    name: "Baseline",
    cell: (one) => (
      <Link to="/gates" search={(old) => ({ ...old, baseline: one.name })} className="link font-medium">
        {one.name}
      </Link>
    ),
  },
  { name: "Metric", cell: (one) => <span className="font-mono text-sm">{one.metric}</span> },
  { name: "Value", cell: (one) => <Value baseline={one} />, right: true },
  {
    name: "Better is",
    cell: (one) => <span className="text-muted">{one.lower_is_better ? "lower" : "higher"}</span>,
    wide: true,
  },
  { name: "Suite", cell: (one) => <span className="text-muted">{one.eval_set ?? "any"}</span>, wide: true },
  { name: "Run", cell: (one) => <NodeLink node={{ kind: "run", id: one.run_id, label: "" }} /> },
  { name: "Set", cell: (one) => <span className="text-muted">{moment(one.created_at)}</span>, wide: true },
]

/** What later runs are checked against, the one set last first. */
export function BaselineTable({ rows }: { rows: readonly Baseline[] }) {
  return <Table label="Baselines" rows={rows} columns={COLUMNS} keyOf={(one) => one.id} />
}

/** What its own run reaches now: a run that is measured again moves its baseline. */
function Value({ baseline }: { baseline: Baseline }) {
  const own = useQuery(gates.check(baseline.run_id, baseline.name))
  if (own.error) return <span title={own.error.message}>?</span>
  return own.data ? number(own.data.baseline_value) : "…"
}
