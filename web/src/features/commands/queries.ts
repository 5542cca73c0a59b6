/** Every question the frame asks: is the server there, which version, what ran lately. */
import { queryOptions } from "@tanstack/react-query"
import { ask, http } from "@/api/client"

export const server = {
  health: queryOptions({
    queryKey: ["health"],
    queryFn: ({ signal }) => ask(http.GET("/api/health", { signal })),
    refetchInterval: 15_000,
  }),
  version: queryOptions({
    queryKey: ["version"],
    queryFn: ({ signal }) => ask(http.GET("/api/version", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  }),
  lately: queryOptions({
    queryKey: ["runs", "lately"],
    queryFn: ({ signal }) => ask(http.GET("/api/runs", { signal, params: { query: { limit: 20 } } })),
  }),
}
