/** Every question the web asks about traces. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { TraceFilter } from "@/features/traces/filter"

export const PAGE = 100

export type TraceRow = Answer<"/api/traces">["data"][number]
export type Facets = Answer<"/api/traces/facets">
export type Trace = Answer<"/api/traces/{trace_id}">
export type Verdicts = Answer<"/api/traces/{trace_id}/verdicts">
export type Warning = NonNullable<Verdicts["steps"]>["warnings"][number]
export type Comparison = Answer<"/api/traces/compare">

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
  facets: ({ query }: TraceFilter) =>
    queryOptions({
      queryKey: ["traces", "facets", query],
      // The query stays with its counts: while others are on their way, these still fit together.
      queryFn: async ({ signal }) => ({
        query,
        ...(await ask(http.GET("/api/traces/facets", { signal, params: { query: query ? { query } : {} } }))),
      }),
    }),
  /** Deleted ones as well: the page says so, and offers to bring it back. */
  one: (id: string) =>
    queryOptions({
      queryKey: ["traces", "one", id],
      queryFn: ({ signal }) =>
        ask(
          http.GET("/api/traces/{trace_id}", {
            signal,
            params: { path: { trace_id: id }, query: { deleted: true } },
          }),
        ),
    }),
  verdicts: (id: string) =>
    queryOptions({
      queryKey: ["traces", "verdicts", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/{trace_id}/verdicts", { signal, params: { path: { trace_id: id } } })),
    }),
  original: (id: string) =>
    queryOptions({
      queryKey: ["traces", "original", id],
      queryFn: ({ signal }) =>
        ask<string>(
          http.GET("/api/traces/{trace_id}/original", {
            signal,
            params: { path: { trace_id: id } },
            parseAs: "text",
          }),
        ),
      staleTime: Number.POSITIVE_INFINITY, // a record is kept as it came
    }),
  pair: (base: string, other: string) =>
    queryOptions({
      queryKey: ["traces", "pair", base, other],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/compare", { signal, params: { query: { base, other } } })),
      staleTime: Number.POSITIVE_INFINITY, // what a trace says is never edited
    }),
}
