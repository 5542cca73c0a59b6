import type { Report } from "@/features/court/queries"
import { unseen } from "@/features/court/words"
import { Interval } from "@/ui/Interval"
import { count, percent } from "@/ui/words"

type Rate = Report["witnesses"][number]["false_positive"]

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
      <ul aria-label="Error rates" className="grid gap-3 md:grid-cols-2">
        {report.witnesses.map((one) => (
          <li key={one.name} className="card min-w-0 p-4">
            <h3 className="font-semibold break-words">{one.name}</h3>
            {one.version && <p className="text-xs break-words text-muted">{one.version}</p>}
            <dl className="mt-3 flex flex-col gap-3">
              <Share name="Calls right what is not (false positive)" rate={one.false_positive}>
                Not known: nothing was ruled wrong.
              </Share>
              <Share name="Does not call right what is (false negative)" rate={one.false_negative}>
                Not known: nothing was ruled right.
              </Share>
            </dl>
          </li>
        ))}
      </ul>
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

function Share({ name, rate, children }: { name: string; rate: Rate; children: string }) {
  const { estimate, low, high, rulings } = rate
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      {estimate === null ? (
        <dd className="text-sm">{children}</dd>
      ) : (
        <dd className="flex flex-wrap items-center gap-x-3 text-sm tabular-nums">
          <Interval value={estimate} low={low ?? undefined} high={high ?? undefined} />
          <span className="font-semibold">{percent(estimate)}</span>
          <span className="text-muted">
            {low !== null && high !== null && `${percent(low)} to ${percent(high)}, `}
            {count(rulings)} {rulings === 1 ? "ruling" : "rulings"}
          </span>
        </dd>
      )}
    </div>
  )
}
