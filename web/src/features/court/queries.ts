/** Every question the web asks about courts, and what it asks for: to hold one, to adopt what it showed. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Court = Answer<"/api/court">["data"][number]
export type Report = Answer<"/api/court/{run_id}">
export type Cell = Report["cells"][number]
export type Word = Cell["first"]
export type Case = Answer<"/api/court/{run_id}/cases">["data"][number]
export type Outcome = NonNullable<Case["ruling"]>
export type Witness = Answer<"/api/court/witnesses">["data"][number]
export type Subject = Court["subject"]

export const WORDS = ["right", "wrong", "undecided", "none"] as const satisfies readonly Word[]
export const OUTCOMES = ["right", "wrong", "undecided"] as const satisfies readonly Outcome[]
export const QUEUES = ["disagreements", "audit", "ruled", "all"] as const

/** Which cases are shown: a queue, and a cell of the confusion. */
export interface Which {
  which?: (typeof QUEUES)[number]
  first?: Word
  second?: Word
}

export interface NewCourt {
  first: string
  second: string
  subject: Subject
  impact: boolean
  limit: number | null
  query: string
}

const MOST = 100
const PAGE = 20
const LIVE_MS = 2_000

export function isOpen(status: string): boolean {
  return status === "pending" || status === "running" || status === "cancel_requested"
}

export const courts = {
  list: queryOptions({
    queryKey: ["court", "list"],
    queryFn: ({ signal }) => ask(http.GET("/api/court", { signal, params: { query: { limit: MOST } } })),
    refetchInterval: ({ state }) =>
      state.data?.data.some((court) => isOpen(court.status)) ? LIVE_MS * 2 : false,
  }),
  witnesses: (subject: Subject) =>
    queryOptions({
      queryKey: ["court", "witnesses", subject],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/court/witnesses", { signal, params: { query: { subject } } })),
    }),
  report: (id: string) =>
    queryOptions({
      queryKey: ["court", "report", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/court/{run_id}", { signal, params: { path: { run_id: id } } })),
      refetchInterval: ({ state }) => (state.data && isOpen(state.data.status) ? LIVE_MS : false),
    }),
  /** While the court hears there will be more: what was known then is asked for again at its end. */
  cases: (id: string, { which = "disagreements", ...cell }: Which, open: boolean) =>
    infiniteQueryOptions({
      queryKey: ["court", "cases", id, which, cell, open],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/court/{run_id}/cases", {
            signal,
            params: {
              path: { run_id: id },
              query: { which, ...cell, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
            },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      // A case that was ruled on has left its queue; it stays in sight until somebody turns the page.
      refetchOnWindowFocus: false,
    }),
}

export function holdCourt({ query, ...config }: NewCourt): Promise<{ run_id: string }> {
  return ask(http.POST("/api/court", { body: { ...config, filter: query } }))
}

export function adoptCourt(id: string): Promise<{ run_id: string }> {
  return ask(http.POST("/api/court/{run_id}/adopt", { params: { path: { run_id: id } } }))
}

/** Shows a ruling on the cases of a court that are in sight, and has the numbers counted again. */
export function noteRuling(queries: QueryClient, id: string, trace: string, ruling: Outcome): void {
  queries.setQueriesData<{ pages: { data: Case[] }[] }>(
    { queryKey: ["court", "cases", id] },
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          data: page.data.map((one) => (one.trace_id === trace ? { ...one, ruling } : one)),
        })),
      },
  )
  countAgain(queries)
}

/** Somebody ruled: every court's numbers are others, and what is not in sight is asked for anew. */
export function countAgain(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["court", "cases"], refetchType: "none" })
  void queries.invalidateQueries({ queryKey: ["court", "report"] })
}
