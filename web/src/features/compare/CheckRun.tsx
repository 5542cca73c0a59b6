import { useQuery } from "@tanstack/react-query"
import { type Baseline, type Check, type Evaluated, gates } from "@/features/compare/queries"
import { Badge } from "@/ui/Badge"
import { Facts } from "@/ui/Facts"
import { Failure } from "@/ui/Failure"
import { NodeLink } from "@/ui/NodeLink"
import { Skeleton } from "@/ui/Skeleton"
import { moment, number, percent } from "@/ui/words"

export interface Choice {
  baseline?: string
  run?: string
}

interface Props {
  baselines: readonly Baseline[]
  evaluated: readonly Evaluated[]
  choice: Choice
  onChoose: (choice: Choice) => void
}

/** Is a run still as good? Which run and which baseline stand in the address. */
export function CheckRun({ baselines, evaluated, choice, onChoose }: Props) {
  const { run, baseline } = choice
  const known = evaluated.some((one) => one.run_id === run)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <label className="flex min-w-0 flex-col gap-1 text-sm text-muted">
          Run
          <select
            className="field max-w-full text-base text-fg"
            value={run ?? ""}
            onChange={(event) => onChoose({ ...choice, run: event.target.value })}
          >
            <option value="">Choose a run</option>
            {run && !known && <option value={run}>{run}</option>}
            {distinct(evaluated).map((one) => (
              <option key={one.run_id} value={one.run_id}>
                {named(one)}
              </option>
            ))}
          </select>
        </label>
        <label className="flex min-w-0 flex-col gap-1 text-sm text-muted">
          against
          <select
            className="field max-w-full text-base text-fg"
            value={baseline ?? ""}
            onChange={(event) => onChoose({ ...choice, baseline: event.target.value })}
          >
            <option value="">Choose a baseline</option>
            {baselines.map((one) => (
              <option key={one.id} value={one.name}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {run && baseline && <Result run={run} baseline={baseline} />}
    </div>
  )
}

function Result({ run, baseline }: { run: string; baseline: string }) {
  const check = useQuery(gates.check(run, baseline))
  if (check.error)
    return <Failure title="This cannot be checked" error={check.error} retry={() => void check.refetch()} />
  if (!check.data) return <Skeleton rows={2} />
  return <Told check={check.data} />
}

function Told({ check }: { check: Check }) {
  return (
    <div
      role="status"
      className={`max-w-3xl rounded-lg border p-4 ${check.verdict === "fail" ? "border-bad" : "border-line"}`}
    >
      <p className="flex flex-wrap items-center gap-2">
        <Badge value={check.verdict} />
        <span className="min-w-0 break-words">{check.details}</span>
      </p>
      <div className="mt-3">
        <Facts
          facts={[
            ["Now", number(check.current_value)],
            ["Baseline", number(check.baseline_value)],
            ["Change", change(check)],
            ["Run", <NodeLink key="run" node={{ kind: "run", id: check.run_id, label: "" }} />],
            [
              "Baseline's run",
              <NodeLink key="base" node={{ kind: "run", id: check.baseline_run_id, label: "" }} />,
            ],
          ]}
        />
      </div>
    </div>
  )
}

/** With its sign, and in percent where there is a percentage. */
export function change({ delta, delta_percent }: Pick<Check, "delta" | "delta_percent">): string {
  const sign = (value: number): string => (value > 0 ? "+" : "")
  const share = delta_percent === null ? "" : ` (${sign(delta_percent)}${delta_percent.toFixed(1)} %)`
  return `${sign(delta)}${number(delta)}${share}`
}

export function named(one: Evaluated): string {
  return `${one.model_id} on ${one.suite}: ${percent(one.primary_score)}, ${moment(one.evaluated_at)}`
}

/** A run that was measured on several suites is one run; the newest measurement names it. */
function distinct(evaluated: readonly Evaluated[]): Evaluated[] {
  return [...new Map(evaluated.toReversed().map((one) => [one.run_id, one])).values()].toReversed()
}
