import type { Report } from "@/features/court/queries"
import { unseen } from "@/features/court/words"
import { Interval } from "@/ui/Interval"
import { type Column, Table } from "@/ui/Table"
import { count, percent } from "@/ui/words"

type Told = Report["witnesses"][number]

const COLUMNS: readonly Column<Told>[] = [
  {
    name: "Witness",
    cell: (one) => (
      <>
        <span className="font-medium">{one.name}</span>
        {one.version && <span className="block max-w-80 text-xs text-muted">{one.version}</span>}
      </>
    ),
  },
  {
    name: "Calls right what is not (false positive)",
    cell: (one) => <Share rate={one.false_positive} missing="not right" />,
  },
  {
    name: "Does not call right what is (false negative)",
    cell: (one) => <Share rate={one.false_negative} missing="right" />,
  },
]

interface Props {
  report: Report
  /** Shows cases both agree on, to be ruled on. */
  onAudit: () => void
}

/** How often each witness is wrong, measured by what people ruled. */
export function ErrorRates({ report, onAudit }: Props) {
  const dark = unseen(report)
  return (
    <>
      <Table label="Error rates" rows={report.witnesses} columns={COLUMNS} keyOf={(one) => one.name} />
      {dark > 0 && (
        <p className="mt-2 text-sm">
          {count(dark)} {dark === 1 ? "case lies" : "cases lie"} where nobody ruled: the rates say nothing of
          them.{" "}
          <button type="button" className="link" onClick={onAudit}>
            Rule on some they agree on
          </button>
        </p>
      )}
    </>
  )
}

function Share({ rate, missing }: { rate: Told["false_positive"]; missing: string }) {
  const { estimate, low, high, rulings } = rate
  if (estimate === null)
    return <span className="text-sm text-muted">Not known: nothing was ruled {missing}.</span>
  return (
    <span className="flex items-center gap-3 py-1">
      <Interval value={estimate} low={low ?? undefined} high={high ?? undefined} />
      <span className="tabular-nums">
        <span className="font-semibold">{percent(estimate)}</span>
        <span className="block text-xs whitespace-nowrap text-muted">
          {low !== null && high !== null && `${percent(low)} to ${percent(high)}, `}
          {count(rulings)} {rulings === 1 ? "ruling" : "rulings"}
        </span>
      </span>
    </span>
  )
}
