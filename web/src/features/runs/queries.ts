/** Every question the web asks about runs, and what it asks for: to stop, to begin again. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type RunRow = Answer<"/api/runs">["data"][number]
export type Run = Answer<"/api/runs/{run_id}">
export type Metrics = Answer<"/api/runs/{run_id}/metrics">

export type Tracker = Answer<"/api/runs/{run_id}/export">["to"][number]
export type Checkpoint = Answer<"/api/runs/{run_id}/checkpoints">["data"][number]

export const KINDS = [
  "train",
  "initialise",
  "evaluate",
  "generate",
  "verify",
  "court",
  "adopt",
  "judge",
  "import",
  "curate",
  "freeze",
  "prove",
  "tune",
  "gate",
  "import-model",
  "check-model",
  "export-model",
  "export-run",
] as const
export const STATUSES = [
  "pending",
  "running",
  "completed",
  "failed",
  "timeout",
  "cancel_requested",
  "cancelled",
] as const

export interface RunFilter {
  kind?: string
  status?: (typeof STATUSES)[number]
}

const PAGE = 50
const LIVE_MS = 2_000
const POINTS = 2_000
const EXPERIMENT = "tunix-rt"

export function isActive(status: string): boolean {
  return status === "pending" || status === "running" || status === "cancel_requested"
}

export const runs = {
  list: (filter: RunFilter) =>
    infiniteQueryOptions({
      queryKey: ["runs", "list", filter],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/runs", {
            signal,
            params: { query: { ...filter, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
      refetchInterval: ({ state }) =>
        state.data?.pages.some((page) => page.data.some((run) => isActive(run.status))) ? LIVE_MS * 2 : false,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["runs", "one", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/runs/{run_id}", { signal, params: { path: { run_id: id } } })),
      refetchInterval: ({ state }) => (state.data && !isActive(state.data.status) ? false : LIVE_MS),
    }),
  metrics: (id: string, active: boolean) =>
    queryOptions({
      queryKey: ["runs", "metrics", id],
      queryFn: ({ signal }) =>
        ask(
          http.GET("/api/runs/{run_id}/metrics", {
            signal,
            params: { path: { run_id: id }, query: { points: POINTS } },
          }),
        ),
      refetchInterval: active ? LIVE_MS : false,
    }),
}

/** Whether a run ended before it was done, and can be queued again. */
export function endedEarly(status: string): boolean {
  return !isActive(status) && status !== "completed"
}

/** The kinds of run that leave files behind. */
export function makesFiles(kind: string): boolean {
  return kind === "train" || kind === "initialise" || kind === "export-run"
}

export const artifacts = (id: string) =>
  queryOptions({
    queryKey: ["runs", "artifacts", id],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/tunix/runs/{run_id}/artifacts", { signal, params: { path: { run_id: id } } })),
  })

/** What a training has kept; while it works there will be more, and older ones go. */
export const checkpoints = (id: string, active: boolean) =>
  queryOptions({
    queryKey: ["runs", "checkpoints", id, active],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/runs/{run_id}/checkpoints", { signal, params: { path: { run_id: id } } })),
    refetchInterval: active ? LIVE_MS * 4 : false,
  })

/** Where a run can go now. */
export const exportsOf = (id: string) =>
  queryOptions({
    queryKey: ["runs", "exports", id],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/runs/{run_id}/export", { signal, params: { path: { run_id: id } } })),
  })

export function exportRun(id: string, to: Tracker): Promise<{ run_id: string }> {
  const body = { to, experiment: EXPERIMENT }
  return ask(http.POST("/api/runs/{run_id}/export", { params: { path: { run_id: id } }, body }))
}

export function cancelRun(id: string): Promise<unknown> {
  return ask(http.POST("/api/runs/{run_id}/cancel", { params: { path: { run_id: id } } }))
}

export function retryRun(id: string): Promise<unknown> {
  return ask(http.POST("/api/runs/{run_id}/retry", { params: { path: { run_id: id } } }))
}
