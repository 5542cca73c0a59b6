import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { ask, http } from "@/api/client"
import { Badge } from "@/ui/Badge"
import { NodeLink } from "@/ui/NodeLink"
import { Refused } from "@/ui/Refused"

interface Props {
  id: string
  /** What the run changes, and is asked for again when it has ended. */
  changes: QueryKey
  /** What there is to see once it ended well. */
  children?: ReactNode
}

const LIVE_MS = 1_000
const ACTIVE = ["pending", "running", "cancel_requested"]

/** A run that was asked for on this page: how far it is, and how it ended. */
export function QueuedRun({ id, changes, children }: Props) {
  const queries = useQueryClient()
  const { data: run, error } = useQuery({
    queryKey: ["queued", id],
    queryFn: async ({ signal }) => {
      const found = await ask(http.GET("/api/runs/{run_id}", { signal, params: { path: { run_id: id } } }))
      if (!ACTIVE.includes(found.status)) void queries.invalidateQueries({ queryKey: changes })
      return found
    },
    staleTime: ({ state }) =>
      state.data && !ACTIVE.includes(state.data.status) ? Number.POSITIVE_INFINITY : 0,
    refetchInterval: ({ state }) =>
      state.error || (state.data && !ACTIVE.includes(state.data.status)) ? false : LIVE_MS,
  })
  if (error) return <Refused error={error} />
  if (!run) return null
  return (
    <div className="card my-3 flex max-w-3xl flex-col gap-2 p-3">
      <p role="status" className="flex flex-wrap items-center gap-2">
        <Badge value={run.status} />
        <NodeLink node={{ kind: "run", id, label: run.name }} />
        <span className="text-sm text-muted tabular-nums">
          {run.status === "pending" && "It waits for a worker."}
          {run.status === "running" && run.progress?.text}
        </span>
      </p>
      <Refused error={run.error} />
      {run.status === "completed" && children}
    </div>
  )
}
