import { useMutation, useQuery } from "@tanstack/react-query"
import { datasets, verifyVersion } from "@/features/datasets/queries"
import { Badge } from "@/ui/Badge"
import { QueuedRun } from "@/ui/QueuedRun"
import { Refused } from "@/ui/Refused"
import { count } from "@/ui/words"

interface Props {
  dataset: string
  /** The run that proves it, where one was asked for. */
  run: string | undefined
  onQueued: (run: string) => void
}

/** Reads every file of a version and hashes it again; what is not as it was is named. */
export function VerifyVersion({ dataset, run, onQueued }: Props) {
  const verify = useMutation({
    mutationFn: () => verifyVersion(dataset),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  return (
    <div className="mt-3">
      <div className="flex flex-wrap items-center gap-3">
        <button type="button" className="btn" disabled={verify.isPending} onClick={() => verify.mutate()}>
          Verify now
        </button>
        <span className="text-sm text-muted">
          Every file is read, and every hash is computed again from the text of the rows.
        </span>
      </div>
      <Refused error={verify.error} />
      {run && (
        <QueuedRun id={run} changes={["datasets", "outcome", run]}>
          <Proof run={run} />
        </QueuedRun>
      )}
    </div>
  )
}

interface Verified {
  ok: boolean
  rows: number
  shards: number
  faults: { where: string; what: string }[]
}

function Proof({ run }: { run: string }) {
  const { data } = useQuery(datasets.outcome(run))
  if (!data || !("faults" in data)) return null
  const { ok, rows, shards, faults } = data as unknown as Verified
  return (
    <div className="text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Badge value={ok ? "pass" : "fail"} />
        {ok
          ? `It is what it was: ${count(rows)} rows in ${count(shards)} files.`
          : `It is not what it was: ${count(faults.length)} ${faults.length === 1 ? "fault" : "faults"}.`}
      </p>
      {faults.length > 0 && (
        <ul aria-label="Faults" className="mt-2 flex flex-col gap-1 border-l-2 border-bad pl-3">
          {faults.map((fault) => (
            <li key={`${fault.where}/${fault.what}`} className="break-words">
              <span className="font-mono">{fault.where}</span>: {fault.what}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
