/** Every question the web asks about datasets. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Dataset = Answer<"/api/datasets">["data"][number]
export type Manifest = Answer<"/api/datasets/{key}">

const PAGE = 50

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
      queryFn: ({ signal }) => ask(http.GET("/api/datasets/{key}", { signal, params: { path: { key } } })),
      staleTime: Number.POSITIVE_INFINITY, // a version is frozen
    }),
}
