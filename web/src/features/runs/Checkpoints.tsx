import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { type Checkpoint, checkpoints, endedEarly, isActive, type Run } from "@/features/runs/queries"
import { RetryRun } from "@/features/runs/RetryRun"
import { Section } from "@/ui/Page"
import { type Column, Table } from "@/ui/Table"
import { bytes, count, moment } from "@/ui/words"

/** What a training has kept: where it can go on, and what another can begin from. */
export function Checkpoints({ run }: { run: Run }) {
  const { data } = useQuery({
    ...checkpoints(run.id, isActive(run.status)),
    placeholderData: keepPreviousData,
  })
  const kept = data?.data ?? []
  if (kept.length === 0) return null
  const latest = endedEarly(run.status) ? kept.findLast((one) => one.resumable) : undefined
  const columns: Column<Checkpoint>[] = [
    {
      name: "Step",
      cell: ({ step, best }) => (
        <span className="whitespace-nowrap tabular-nums">
          {count(step)} {best && <span className="text-ok">★ best</span>}
        </span>
      ),
    },
    { name: "Size", cell: (one) => bytes(one.bytes), right: true },
    { name: "Written", cell: (one) => moment(one.created_at), wide: true },
    {
      name: "Acts",
      right: true,
      cell: (one) => (
        <span className="flex flex-wrap justify-end gap-2">
          {one === latest && <RetryRun id={run.id} words="Go on from here" />}
          {one.step > 0 && (
            <Link to="/runs/new" search={{ from: run.id, fork: one.step }} className="btn">
              Fork
              <span className="sr-only"> from step {one.step}</span>
            </Link>
          )}
        </span>
      ),
    },
  ]
  return (
    <Section title="Checkpoints">
      <Table
        label="Checkpoints"
        rows={kept.toReversed()}
        columns={columns}
        keyOf={({ step }) => String(step)}
      />
    </Section>
  )
}
