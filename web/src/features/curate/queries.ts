/** Every question the web asks about curations, and what it asks for: to run a pipeline. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Stage = Answer<"/api/curate/stages">["data"][number]
export type Summary = Answer<"/api/curations">["data"][number]
export type Curation = Answer<"/api/curations/{run_id}">
export type FunnelStage = Curation["funnel"][number]
export type Decision = Answer<"/api/curations/{run_id}/decisions">["data"][number]
export type Cluster = Answer<"/api/curations/{run_id}/clusters">["data"][number]
export type Hit = Answer<"/api/curations/{run_id}/hits">["data"][number]
export type OfTrace = Answer<"/api/traces/{trace_id}/curations">["data"][number]
export type NewCuration = components["schemas"]["CurateConfig"]

/** Which decisions are shown. */
export interface Which {
  kept: boolean
  stage?: string
  reason?: string
}

const PAGE = 20
const LIVE_MS = 2_000

export function isOpen(status: string): boolean {
  return status === "pending" || status === "running" || status === "cancel_requested"
}

const following = ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined
const from = (cursor: string) => ({ limit: PAGE, ...(cursor ? { cursor } : {}) })

export const curations = {
  stages: queryOptions({
    queryKey: ["curate", "stages"],
    queryFn: ({ signal }) => ask(http.GET("/api/curate/stages", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  }),
  list: infiniteQueryOptions({
    queryKey: ["curate", "list"],
    queryFn: ({ signal, pageParam }) =>
      ask(http.GET("/api/curations", { signal, params: { query: from(pageParam) } })),
    initialPageParam: "",
    getNextPageParam: following,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some((one) => isOpen(one.status))) ? LIVE_MS * 2 : false,
  }),
  /** Those that can be frozen, among the newest. */
  freezable: queryOptions({
    queryKey: ["curate", "freezable"],
    queryFn: ({ signal }) => ask(http.GET("/api/curations", { signal, params: { query: { limit: 100 } } })),
    select: ({ data }) => data.filter((one) => one.status === "completed" && !one.dry_run && one.kept > 0),
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["curate", "one", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/curations/{run_id}", { signal, params: { path: { run_id: id } } })),
      refetchInterval: ({ state }) => (state.data && isOpen(state.data.status) ? LIVE_MS : false),
    }),
  /** While it runs there will be more: what was known then is asked for again at its end. */
  decisions: (id: string, which: Which, open: boolean) =>
    infiniteQueryOptions({
      queryKey: ["curate", "decisions", id, which, open],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/curations/{run_id}/decisions", {
            signal,
            params: { path: { run_id: id }, query: { ...which, ...from(pageParam) } },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: following,
    }),
  clusters: (id: string, open: boolean) =>
    infiniteQueryOptions({
      queryKey: ["curate", "clusters", id, open],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/curations/{run_id}/clusters", {
            signal,
            params: { path: { run_id: id }, query: from(pageParam) },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: following,
    }),
  hits: (id: string, open: boolean) =>
    infiniteQueryOptions({
      queryKey: ["curate", "hits", id, open],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/curations/{run_id}/hits", {
            signal,
            params: { path: { run_id: id }, query: from(pageParam) },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: following,
    }),
  ofTrace: (trace: string) =>
    queryOptions({
      queryKey: ["curate", "trace", trace],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/{trace_id}/curations", { signal, params: { path: { trace_id: trace } } })),
    }),
  /** Names of suites, to be held out. */
  suites: queryOptions({
    queryKey: ["curate", "suites"],
    queryFn: async ({ signal }) => {
      const { data } = await ask(http.GET("/api/suites", { signal, params: { query: { limit: 100 } } }))
      return data.map((suite) => suite.name)
    },
  }),
}

export function startCuration(config: NewCuration): Promise<{ run_id: string }> {
  return ask(http.POST("/api/curations", { body: config }))
}
