import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { adoptCourt } from "@/features/court/queries"
import { Problem } from "@/ui/Problem"

/** Writes down what a regrade showed, after saying that the old verdicts go. */
export function AdoptCourt({ id, onQueued }: { id: string; onQueued: (run: string) => void }) {
  const [asked, setAsked] = useState(false)
  const adopt = useMutation({
    mutationFn: () => adoptCourt(id),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  if (!asked)
    return (
      <button type="button" className="btn" onClick={() => setAsked(true)}>
        Adopt
      </button>
    )
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      <Problem error={adopt.error} />
      Stored verdicts and evaluations are written anew; the old ones go.
      <button type="button" className="btn btn-bad" disabled={adopt.isPending} onClick={() => adopt.mutate()}>
        Adopt the verdicts
      </button>
      <button type="button" className="btn" onClick={() => setAsked(false)}>
        Not now
      </button>
    </span>
  )
}
