import type { Numbers } from "@/features/xray/queries"
import { Figure } from "@/ui/Figure"
import { Histogram } from "@/ui/Histogram"
import { type Column, Table } from "@/ui/Table"
import { count, number, percent } from "@/ui/words"

interface Share {
  name: string
  tokens: number
  trained: number
  weight: number
}

const COLUMNS: readonly Column<Share>[] = [
  { name: "Tokens of", cell: (one) => one.name },
  { name: "There", cell: (one) => count(one.tokens), right: true },
  { name: "Learned", cell: (one) => count(one.trained), right: true },
  { name: "Share", cell: (one) => (one.tokens ? percent(one.trained / one.tokens) : "–"), right: true },
  { name: "Weight", cell: (one) => number(one.weight), right: true, wide: true },
]

/** How many tokens there are, of what, how many are learned, and how long rows are. */
export function XrayNumbers({ numbers }: { numbers: Numbers }) {
  const { lengths, cut } = numbers
  const shares: Share[] = numbers.kinds.map(({ kind, ...rest }) => ({ name: kind, ...rest }))
  const steps: Share[] = numbers.step_types.map(({ type, ...rest }) => ({ name: type, ...rest }))
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <Figure
          name="Rows"
          value={count(numbers.rows)}
          note={`${count(numbers.trained_rows)} trained, ${count(numbers.left_out)} left out`}
        />
        <Figure
          name="Tokens"
          value={count(numbers.tokens)}
          note={`${count(numbers.trained_tokens)} learned`}
        />
        <Figure
          name="Tokens a row"
          value={lengths ? count(lengths.median) : "–"}
          note={lengths ? `95% within ${count(lengths.p95)}, longest ${count(lengths.longest)}` : "no row"}
        />
        <Figure
          name="Too long"
          value={count(cut.rows)}
          note={`${count(cut.tokens)} tokens, ${count(cut.answers)} answers beyond`}
        />
      </dl>
      <div className="grid gap-x-10 gap-y-5 lg:grid-cols-2">
        <Table label="Kinds of tokens" rows={shares} columns={COLUMNS} keyOf={(one) => one.name} />
        {steps.length > 0 && (
          <Table
            label="Types of steps"
            rows={steps}
            columns={[{ name: "Steps of type", cell: (one) => one.name }, ...COLUMNS.slice(1)]}
            keyOf={(one) => one.name}
          />
        )}
      </div>
      {lengths && (
        <Histogram
          label="How long rows are, in tokens"
          unit="rows"
          bins={lengths.bins.map(({ low, high, rows }) => ({ low, high, value: rows }))}
        />
      )}
    </div>
  )
}
