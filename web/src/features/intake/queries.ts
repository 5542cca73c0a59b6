/** What can be read, and taking in a file that lies on the server. */
import { queryOptions } from "@tanstack/react-query"
import { ask, http } from "@/api/client"

export const formats = queryOptions({
  queryKey: ["intake", "formats"],
  queryFn: ({ signal }) => ask(http.GET("/api/traces/formats", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The path must lie under a root that the server allows; the format is recognised. */
export function ingest(path: string, source_name: string) {
  return ask(http.POST("/api/datasets/ingest", { body: { path, source_name } }))
}
