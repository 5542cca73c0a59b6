import { lazy, Suspense, useMemo } from "react"
import type { Job, Trial } from "@/features/tune/queries"
import { best, growth, names, ranked, shown } from "@/features/tune/trials"
import { Badge } from "@/ui/Badge"
import { NodeLink } from "@/ui/NodeLink"
import { Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { type Column, Table } from "@/ui/Table"
import { lasted, number } from "@/ui/words"

const LineChart = lazy(() => import("@/ui/LineChart"))

interface Props {
  job: Job
  /** In the order they were tried, else the best first. */
  asTried: boolean
  onAsTried: (asTried: boolean) => void
}

/** The trials of a job: the best so far, how it came to be, and every try. */
export function Trials({ job, asTried, onAsTried }: Props) {
  const trials = job.trials ?? []
  const top = best(trials, job.metric_mode)
  const grown = useMemo(() => growth(job.trials ?? [], job.metric_mode), [job.trials, job.metric_mode])
  const series = useMemo(
    () => [
      { name: job.metric_name, values: grown.values },
      { name: "best so far", values: grown.best },
    ],
    [grown, job.metric_name],
  )
  if (trials.length === 0)
    return (
      <p className="text-muted">
        {job.status === "running" ? "The first trial comes as soon as a worker takes it." : "No trials."}
      </p>
    )
  const rows = asTried
    ? trials.toSorted((one, other) => one.number - other.number)
    : ranked(trials, job.metric_mode)
  return (
    <>
      {top && <Best job={job} trial={top} />}
      {grown.steps.length > 1 && (
        <Section title="Best so far" note="by trial">
          <Suspense fallback={<Skeleton rows={6} />}>
            <LineChart
              label={`${job.metric_name} by trial`}
              steps={grown.steps}
              series={series}
              logarithmic={false}
              smoothing={0}
              over="trial"
            />
          </Suspense>
        </Section>
      )}
      <Section title="Trials" note={`${ended(trials)} of ${job.num_samples} ended`}>
        {trials.length > 1 && (
          <button
            type="button"
            className="btn mb-2"
            aria-pressed={asTried}
            onClick={() => onAsTried(!asTried)}
          >
            As they were tried
          </button>
        )}
        <Table label="Trials" rows={rows} columns={columns(trials, top)} keyOf={(trial) => trial.id} />
      </Section>
    </>
  )
}

function Best({ job, trial }: { job: Job; trial: Trial }) {
  return (
    <Section title="Best">
      <p className="card p-3">
        Trial {trial.number} reached{" "}
        <span className="font-semibold tabular-nums">{number(trial.metric_value ?? 0)}</span>{" "}
        {job.metric_name} with{" "}
        <span className="font-mono text-sm">
          {Object.entries(trial.params_json)
            .map(([name, value]) => `${name} ${shown(value)}`)
            .join(", ")}
        </span>
        .
      </p>
    </Section>
  )
}

const ERROR: Column<Trial> = {
  name: "Error",
  cell: (trial) => <span className="block max-w-80 break-words text-bad">{trial.error}</span>,
  wide: true,
}

function columns(trials: readonly Trial[], top: Trial | null): Column<Trial>[] {
  return [
    {
      name: "Trial",
      cell: (trial) => (
        <span className="whitespace-nowrap">
          {trial.number} {trial.id === top?.id && <span className="text-ok">★ best</span>}
        </span>
      ),
    },
    { name: "Status", cell: (trial) => <Badge value={trial.status} /> },
    {
      name: "Reached",
      cell: (trial) => (trial.metric_value === null ? "–" : number(trial.metric_value)),
      right: true,
    },
    ...names(trials).map(
      (name): Column<Trial> => ({
        name,
        cell: (trial) => shown(trial.params_json[name]),
        right: true,
      }),
    ),
    {
      name: "Took",
      cell: (trial) => (
        <span className="whitespace-nowrap">{lasted(trial.created_at, trial.completed_at)}</span>
      ),
      right: true,
      wide: true,
    },
    {
      name: "Runs",
      cell: (trial) => (
        <span className="flex gap-3">
          {trial.run_id && <NodeLink node={{ kind: "run", id: trial.run_id, label: "training" }} />}
          {trial.evaluation_run_id && (
            <NodeLink node={{ kind: "run", id: trial.evaluation_run_id, label: "evaluation" }} />
          )}
        </span>
      ),
    },
    ...(trials.some((trial) => trial.error) ? [ERROR] : []),
  ]
}

function ended(trials: readonly Trial[]): number {
  return trials.filter((trial) => trial.status !== "running").length
}
