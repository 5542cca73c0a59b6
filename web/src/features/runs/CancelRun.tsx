import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { cancelRun } from "@/features/runs/queries"

/** Stops a run, after saying what is kept. */
export function CancelRun({ id }: { id: string }) {
  const queries = useQueryClient()
  const [asked, setAsked] = useState(false)
  const stop = useMutation({
    mutationFn: () => cancelRun(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["runs"] }),
  })
  if (stop.error)
    return (
      <span role="alert" className="text-sm text-bad">
        {stop.error.message}
      </span>
    )
  if (!asked)
    return (
      <button type="button" className="btn" onClick={() => setAsked(true)}>
        Stop
      </button>
    )
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      Its log, metrics and finished results are kept.
      <button type="button" className="btn btn-bad" disabled={stop.isPending} onClick={() => stop.mutate()}>
        Stop the run
      </button>
      <button type="button" className="btn" onClick={() => setAsked(false)}>
        Keep going
      </button>
    </span>
  )
}
