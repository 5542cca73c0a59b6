import { useQuery } from "@tanstack/react-query"
import { lazy, Suspense, useMemo, useState } from "react"
import { type Chart, chartsOf } from "@/features/runs/charts"
import { runs } from "@/features/runs/queries"
import { Failure } from "@/ui/Failure"
import { Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count } from "@/ui/words"

const LineChart = lazy(() => import("@/ui/LineChart"))
const SMOOTHING = [
  [0, "none"],
  [0.6, "light"],
  [0.9, "medium"],
  [0.98, "strong"],
] as const

/** Every metric over the steps; the losses first and large. They grow while the run runs. */
export function RunCharts({ id, active }: { id: string; active: boolean }) {
  const metrics = useQuery(runs.metrics(id, active))
  const [smoothing, setSmoothing] = useState(0)
  const [logarithmic, setLogarithmic] = useState(false)
  const charts = useMemo(() => chartsOf(metrics.data?.points ?? []), [metrics.data])
  if (metrics.error) return <Failure error={metrics.error} retry={() => void metrics.refetch()} />
  if (!metrics.data) return <Skeleton rows={4} />
  if (charts.length === 0)
    return active ? <p className="text-muted">The first numbers come with the first steps.</p> : null
  const [first, ...others] = charts as [Chart, ...Chart[]]
  const note = `${count(metrics.data.points.length)} of ${count(metrics.data.total)} points`
  return (
    <Section title="Metrics" note={note}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2">
          Smoothing
          <select
            className="field"
            value={smoothing}
            onChange={(event) => setSmoothing(Number(event.target.value))}
          >
            {SMOOTHING.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="btn"
          aria-pressed={logarithmic}
          onClick={() => setLogarithmic(!logarithmic)}
        >
          Log scale
        </button>
      </div>
      <Suspense fallback={<Skeleton rows={6} />}>
        <Panel chart={first} smoothing={smoothing} logarithmic={logarithmic} />
        <div className="mt-3 grid gap-3 lg:grid-cols-2">
          {others.map((chart) => (
            <Panel key={chart.title} chart={chart} smoothing={smoothing} logarithmic={logarithmic} />
          ))}
        </div>
      </Suspense>
    </Section>
  )
}

interface PanelProps {
  chart: Chart
  smoothing: number
  logarithmic: boolean
}

function Panel({ chart, smoothing, logarithmic }: PanelProps) {
  // A logarithm has no place for zero and below.
  const positive = chart.series.every((one) => one.values.every((value) => value === null || value > 0))
  return (
    <div className="card min-w-0 p-3">
      <h3 className="mb-1 font-medium">{chart.title}</h3>
      <LineChart
        label={`${chart.title} over ${count(chart.steps.length)} steps`}
        steps={chart.steps}
        series={chart.series}
        smoothing={smoothing}
        logarithmic={logarithmic && positive}
      />
    </div>
  )
}
