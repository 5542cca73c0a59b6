/** Every question the web asks about traces. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { TraceFilter } from "@/features/traces/filter"

export const PAGE = 100

export type TraceRow = Answer<"/api/traces">["data"][number]
export type Facets = Answer<"/api/traces/facets">
export type Trace = Answer<"/api/traces/{trace_id}">
export type Verdicts = Answer<"/api/traces/{trace_id}/verdicts">

export const traces = {
  page: (filter: TraceFilter, page: number) =>
    queryOptions({
      queryKey: ["traces", "page", filter, page],
      queryFn: ({ signal }) =>
        ask(
          http.GET("/api/traces", {
            signal,
            params: { query: { ...filter, limit: PAGE, offset: page * PAGE } },
          }),
        ),
    }),
  facets: (filter: TraceFilter) =>
    queryOptions({
      queryKey: ["traces", "facets", filter],
      // The filter stays with its counts: while others are on their way, these still fit together.
      queryFn: async ({ signal }) => ({
        filter,
        ...(await ask(http.GET("/api/traces/facets", { signal, params: { query: filter } }))),
      }),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["traces", "one", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/{trace_id}", { signal, params: { path: { trace_id: id } } })),
      staleTime: Number.POSITIVE_INFINITY, // a trace is written once and never edited
    }),
  verdicts: (id: string) =>
    queryOptions({
      queryKey: ["traces", "verdicts", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/{trace_id}/verdicts", { signal, params: { path: { trace_id: id } } })),
    }),
}
