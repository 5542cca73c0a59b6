/** What can be read, and taking in a file that lies on the server. */
import { queryOptions } from "@tanstack/react-query"
import { ask } from "@/api/client"

export interface Format {
  name: string
  writes: boolean
  summary: string
}

export interface Ingested {
  ingested_count: number
  trace_ids: string[]
}

export const formats = queryOptions({
  queryKey: ["intake", "formats"],
  queryFn: ({ signal }) => asked<Format[]>(fetch(address("/api/traces/formats"), { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The path must lie under a root that the server allows; the format is recognised. */
export function ingest(path: string, source_name: string): Promise<Ingested> {
  return asked(
    fetch(address("/api/datasets/ingest"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path, source_name }),
    }),
  )
}

async function asked<T>(request: Promise<Response>): Promise<T> {
  const response = await request
  const said: unknown = await response.json()
  return ask<T>(Promise.resolve(response.ok ? { data: said as T, response } : { error: said, response }))
}

function address(path: string): string {
  return new URL(path, globalThis.location.origin).href
}
