import { Link } from "@tanstack/react-router"
import { bounds, type Suite, sentence } from "@/features/evaluate/leaders"
import type { Leader } from "@/features/evaluate/queries"
import { Interval } from "@/ui/Interval"
import { Section } from "@/ui/Page"
import { type Column, Table } from "@/ui/Table"
import { count, moment, percent } from "@/ui/words"

const COLUMNS: readonly Column<Leader>[] = [
  {
    name: "Model",
    cell: (leader) => (
      <Link
        to="/evaluations/$id"
        params={{ id: leader.evaluation_id }}
        className="block min-w-20 font-medium break-words hover:underline"
      >
        {leader.model_id}
      </Link>
    ),
  },
  { name: "Right", cell: (leader) => percent(leader.primary_score), right: true },
  { name: "95% interval", cell: (leader) => range(leader), wide: true },
  { name: "0 to 100%", cell: (leader) => <Interval value={leader.primary_score} {...bounds(leader)} /> },
  { name: "Items", cell: (leader) => count(leader.scorecard.n_items), right: true },
  { name: "Dataset", cell: (leader) => <Dataset dataset={leader.dataset_key} />, wide: true },
  {
    name: "Run",
    cell: (leader) => (
      <Link to="/runs/$id" params={{ id: leader.run_id }} className="hover:underline">
        {leader.run_id.slice(-8)}
      </Link>
    ),
    wide: true,
  },
  {
    name: "Measured",
    cell: (leader) => <span className="text-muted">{moment(leader.evaluated_at)}</span>,
    wide: true,
  },
]

/** The models measured on one suite, best first, and what that allows to be said. */
export function LeaderTable({ suite }: { suite: Suite }) {
  return (
    <Section title={suite.name}>
      <p className="mb-2">{sentence(suite.leaders)}</p>
      <Table
        label={`Leaderboard of ${suite.name}`}
        rows={suite.leaders}
        columns={COLUMNS}
        keyOf={(leader) => leader.evaluation_id}
      />
    </Section>
  )
}

function range(leader: Leader): string {
  const { low, high } = bounds(leader)
  return low === undefined || high === undefined ? "–" : `${percent(low)} – ${percent(high)}`
}

function Dataset({ dataset }: { dataset: string | null }) {
  if (!dataset) return "–"
  return (
    <Link to="/datasets/$key" params={{ key: dataset }} className="font-mono text-sm hover:underline">
      {dataset}
    </Link>
  )
}
