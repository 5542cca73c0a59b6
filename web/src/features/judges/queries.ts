/** Every question the web asks about judges, and the one thing it asks for: to have one asked. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Judge = Answer<"/api/judges">["data"][number]
export type Judgement = Answer<"/api/traces/{trace_id}/judgements">["judgements"][number]
export type NewAsk = Omit<components["schemas"]["JudgeConfig"], "filter">

const MOST = 100

export const judges = {
  list: queryOptions({
    queryKey: ["judges", "list"],
    queryFn: ({ signal }) => ask(http.GET("/api/judges", { signal, params: { query: { limit: MOST } } })),
  }),
  said: (trace: string) =>
    queryOptions({
      queryKey: ["judges", "said", trace],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/traces/{trace_id}/judgements", { signal, params: { path: { trace_id: trace } } })),
    }),
}

export function askJudge({ query, config }: { query: string; config: NewAsk }): Promise<{ run_id: string }> {
  return ask(http.POST("/api/judges", { body: { ...config, filter: query } }))
}
