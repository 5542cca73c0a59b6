import { useMutation, useQueryClient } from "@tanstack/react-query"
import { retryRun } from "@/features/runs/queries"

/** Queues a run again that ended early; it goes on from what it left. */
export function RetryRun({ id, words = "Queue again" }: { id: string; words?: string }) {
  const queries = useQueryClient()
  const retry = useMutation({
    mutationFn: () => retryRun(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["runs"] }),
  })
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      {retry.error && (
        <span role="alert" className="text-bad">
          {retry.error.message}
        </span>
      )}
      <button type="button" className="btn" disabled={retry.isPending} onClick={() => retry.mutate()}>
        {words}
      </button>
    </span>
  )
}
