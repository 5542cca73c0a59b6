import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { cancelJob, type Job, startJob } from "@/features/tune/queries"

/** Starts a job that was created, and stops one that has not ended, after saying what is kept. */
export function JobActs({ job }: { job: Job }) {
  const queries = useQueryClient()
  const [asked, setAsked] = useState(false)
  const onSettled = () => queries.invalidateQueries({ queryKey: ["tuning"] })
  const start = useMutation({ mutationFn: () => startJob(job.id), onSettled })
  const cancel = useMutation({ mutationFn: () => cancelJob(job.id), onSettled })
  const error = start.error ?? cancel.error
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      {error && (
        <span role="alert" className="text-bad">
          {error.message}
        </span>
      )}
      {job.status === "created" && (
        <button type="button" className="btn" disabled={start.isPending} onClick={() => start.mutate()}>
          Start
        </button>
      )}
      {(job.status === "created" || job.status === "running") &&
        (asked ? (
          <>
            Trials that have ended are kept.
            <button
              type="button"
              className="btn btn-bad"
              disabled={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              Cancel the job
            </button>
            <button type="button" className="btn" onClick={() => setAsked(false)}>
              Keep it
            </button>
          </>
        ) : (
          <button type="button" className="btn" onClick={() => setAsked(true)}>
            Cancel
          </button>
        ))}
    </span>
  )
}
