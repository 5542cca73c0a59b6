/** Every question the web asks about evaluations. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Leader = Answer<"/api/tunix/evaluations">["data"][number]
export type Evaluation = Answer<"/api/evaluations/{evaluation_id}">
export type Item = Answer<"/api/evaluations/{evaluation_id}/items">["data"][number]

export const OUTCOMES = ["right", "wrong", "undecided", "missing"] as const

export interface ItemFilter {
  outcome?: (typeof OUTCOMES)[number]
  family?: string
}

const PAGE = 50
const LEADERS = 100

export const evaluations = {
  leaders: queryOptions({
    queryKey: ["evaluations", "leaders"],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/tunix/evaluations", { signal, params: { query: { limit: LEADERS } } })),
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["evaluations", "one", id],
      queryFn: ({ signal }) =>
        ask(
          http.GET("/api/evaluations/{evaluation_id}", { signal, params: { path: { evaluation_id: id } } }),
        ),
    }),
  items: (id: string, filter: ItemFilter) =>
    infiniteQueryOptions({
      queryKey: ["evaluations", "items", id, filter],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/evaluations/{evaluation_id}/items", {
            signal,
            params: {
              path: { evaluation_id: id },
              query: { ...filter, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
            },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
    }),
}
