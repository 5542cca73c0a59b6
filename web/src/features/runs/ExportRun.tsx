import { useMutation, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { exportRun, exportsOf, type Tracker } from "@/features/runs/queries"
import { Refused } from "@/ui/Refused"

interface Props {
  id: string
  /** The run that exports was asked for. */
  onQueued: (run: string) => void
}

const NAMES = { tensorboard: "TensorBoard", mlflow: "MLflow" } as const satisfies Record<Tracker, string>

/** Hands a run's numbers and config to another tracker, of those that the server knows. */
export function ExportRun({ id, onQueued }: Props) {
  const [asked, setAsked] = useState(false)
  const places = useQuery({ ...exportsOf(id), enabled: asked })
  const start = useMutation({
    mutationFn: (to: Tracker) => exportRun(id, to),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  return (
    <span className="flex flex-wrap items-center gap-2">
      <button
        type="button"
        className="btn aria-expanded:border-accent aria-expanded:bg-sel"
        aria-expanded={asked}
        onClick={() => setAsked(!asked)}
      >
        Export
      </button>
      {asked && (
        <fieldset aria-label="Export to" className="contents">
          {places.data?.to.map((to) => (
            <button
              key={to}
              type="button"
              className="btn"
              disabled={start.isPending}
              onClick={() => start.mutate(to)}
            >
              {NAMES[to]}
            </button>
          ))}
          <Refused error={start.error ?? places.error} />
        </fieldset>
      )}
    </span>
  )
}
