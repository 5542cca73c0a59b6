/** Every question the web asks about verification, and the one thing it asks for: to judge. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Summary = Answer<"/api/verify/summary">
export type Group = Summary["total"]
export type Verifier = Answer<"/api/verify/verifiers">["data"][number]

export interface Asked {
  query: string
  answers: boolean
  steps: boolean
  again: boolean
}

const BATCH = 500

export const verify = {
  summary: (query: string) =>
    queryOptions({
      queryKey: ["verify", "summary", query],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/verify/summary", { signal, params: { query: query ? { query } : {} } })),
    }),
  verifiers: queryOptions({
    queryKey: ["verify", "verifiers"],
    queryFn: ({ signal }) => ask(http.GET("/api/verify/verifiers", { signal })),
    staleTime: Number.POSITIVE_INFINITY, // another version of them is another server
  }),
}

export function startVerify({ query, ...what }: Asked): Promise<{ run_id: string }> {
  return ask(http.POST("/api/verify", { body: { ...what, filter: query, batch: BATCH } }))
}

/** How many traces of a group nobody has judged. */
export function unjudged(group: Group, subject: "answers" | "steps"): number {
  const { right, wrong, undecided } = group[subject]
  return Math.max(0, group.traces - right - wrong - undecided)
}
