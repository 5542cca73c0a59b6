import type { RunRow } from "@/features/runs/queries"
import { count } from "@/ui/words"

/** How far a run is; a bar where the end is known. */
export function Progress({ run }: { run: Pick<RunRow, "name" | "kind" | "progress" | "status"> }) {
  const { progress } = run
  if (!progress || run.status === "completed") return <span className="text-muted">–</span>
  const share = progress.total ? progress.done / progress.total : null
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      {share !== null && (
        <progress
          aria-label={`Progress of ${run.name || run.kind}`}
          max={1}
          value={Math.min(1, share)}
          className="h-1.5 w-24"
        />
      )}
      <span className="text-sm text-muted tabular-nums" title={progress.text}>
        {share === null ? count(progress.done) : `${Math.floor(share * 100)}%`}
      </span>
    </span>
  )
}
