/** Every question the web asks about datasets, and what it asks for: to freeze one, to prove one. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Dataset = Answer<"/api/datasets">["data"][number]
export type Version = Answer<"/api/datasets/{key}/version">
export type Row = Answer<"/api/datasets/{key}/rows">["data"][number]
export type Difference = Awaited<ReturnType<typeof compare>>
export type Changed = Difference["rows"][number]
export type Format = Answer<"/api/datasets/exports">[number]
export type NewBuild = components["schemas"]["Build"]

const PAGE = 50
const ROWS = 25
const CHANGES = 50
const FROZEN = Number.POSITIVE_INFINITY // a version never changes

export const datasets = {
  list: infiniteQueryOptions({
    queryKey: ["datasets", "list"],
    queryFn: ({ signal, pageParam }) =>
      ask(
        http.GET("/api/datasets", {
          signal,
          params: { query: { limit: PAGE, offset: pageParam } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.pagination.next_offset ?? undefined,
  }),
  one: (key: string) =>
    queryOptions({
      queryKey: ["datasets", "one", key],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/datasets/{key}/version", { signal, params: { path: { key } } })),
      staleTime: FROZEN,
    }),
  rows: (key: string, split: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ["datasets", "rows", key, split],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/datasets/{key}/rows", {
            signal,
            params: { path: { key }, query: { start: pageParam, limit: ROWS, ...(split ? { split } : {}) } },
          }),
        ),
      initialPageParam: 0,
      getNextPageParam: (page) => page.pagination.next_start ?? undefined,
      staleTime: FROZEN,
    }),
  diff: (before: string, after: string) =>
    queryOptions({
      queryKey: ["datasets", "diff", before, after],
      queryFn: ({ signal }) => compare(before, after, signal),
      staleTime: FROZEN,
    }),
  card: (key: string) =>
    queryOptions({
      queryKey: ["datasets", "card", key],
      queryFn: ({ signal }) =>
        ask<string>(
          http.GET("/api/datasets/{key}/card.md", { signal, params: { path: { key } }, parseAs: "text" }),
        ),
      staleTime: FROZEN,
    }),
  exports: queryOptions({
    queryKey: ["datasets", "exports"],
    queryFn: ({ signal }) => ask(http.GET("/api/datasets/exports", { signal })),
    staleTime: FROZEN,
  }),
  /** How many traces a query finds. */
  matching: (query: string) =>
    queryOptions({
      queryKey: ["datasets", "matching", query],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/facets", { signal, params: { query: query ? { query } : {} } })),
      select: ({ total }) => total,
    }),
  /** What a run that froze or proved a version says at its end. */
  outcome: (run: string) =>
    queryOptions({
      queryKey: ["datasets", "outcome", run],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/runs/{run_id}", { signal, params: { path: { run_id: run } } })),
      select: ({ result }) => result,
    }),
}

function compare(before: string, after: string, signal: AbortSignal) {
  const path = { key: before, other: after }
  return ask(
    http.GET("/api/datasets/{key}/diff/{other}", {
      signal,
      params: { path, query: { limit: CHANGES } },
    }),
  )
}

export function verifyVersion(key: string): Promise<{ run_id: string }> {
  return ask(http.POST("/api/datasets/{key}/verify", { params: { path: { key } } }))
}

export function freeze(build: NewBuild): Promise<{ run_id: string }> {
  return ask(http.POST("/api/datasets/builds", { body: build }))
}
