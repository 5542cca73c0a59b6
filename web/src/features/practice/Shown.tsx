import type { Measured } from "@/features/practice/practised"
import { Interval } from "@/ui/Interval"
import { type Column, Table } from "@/ui/Table"
import { number, percent } from "@/ui/words"

interface Props {
  before: Measured
  after: Measured | null
}

interface Line {
  name: string
  cell: (found: Measured) => React.ReactNode
}

const LINES: readonly Line[] = [
  {
    name: "Right greedily",
    cell: (found) => <Share value={found.greedy} low={found.greedy_low} high={found.greedy_high} />,
  },
  {
    name: "Right at the rollouts' temperature",
    cell: (found) => <Share value={found.sampled} low={found.sampled_low} high={found.sampled_high} />,
  },
  { name: "Groups with different rewards", cell: ({ varied }) => percent(varied) },
  { name: "Answers that end by themselves", cell: ({ ended }) => percent(ended) },
  { name: "Entropy, nats a token", cell: ({ entropy }) => number(entropy) },
  { name: "Tokens of an answer", cell: ({ tokens }) => number(tokens) },
]

/** What a model showed on held-out problems before it practised, and after. */
export function Shown({ before, after }: Props) {
  const columns: Column<Line>[] = [
    { name: "Measured", cell: (line) => line.name },
    { name: "Before", cell: (line) => line.cell(before) },
    ...(after ? [{ name: "After", cell: (line: Line) => line.cell(after) }] : []),
  ]
  return <Table label="Held-out problems" rows={LINES} columns={columns} keyOf={(line) => line.name} />
}

interface ShareProps {
  value: number
  low: number | undefined
  high: number | undefined
}

function Share({ value, low, high }: ShareProps) {
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span className="w-12 tabular-nums">{percent(value)}</span>
      {low !== undefined && high !== undefined && (
        <>
          <Interval value={value} low={low} high={high} />
          <span className="hidden text-sm text-muted tabular-nums lg:inline">
            {percent(low)} – {percent(high)}
          </span>
        </>
      )}
    </span>
  )
}
