/** Every question the web asks about baselines, and the two things it asks for. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Baseline = Answer<"/api/regression/baselines">[number]
export type Check = components["schemas"]["Check"]
export type NewBaseline = components["schemas"]["NewBaseline"]
export type Evaluated = Answer<"/api/tunix/evaluations">["data"][number]

const MOST = 100

export const METRICS = ["primary_score", "answer_correctness", "score", "ci_low", "ci_high"] as const

export const gates = {
  baselines: queryOptions({
    queryKey: ["gates", "baselines"],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/regression/baselines", { signal, params: { query: { limit: MOST } } })),
  }),
  /** Runs that can be checked: those that have been measured. */
  evaluated: queryOptions({
    queryKey: ["gates", "evaluated"],
    queryFn: async ({ signal }) => {
      const found = await ask(
        http.GET("/api/tunix/evaluations", { signal, params: { query: { limit: MOST } } }),
      )
      return found.data.toSorted((one, other) => other.evaluated_at.localeCompare(one.evaluated_at))
    },
  }),
  check: (run_id: string, baseline_name: string) =>
    queryOptions({
      queryKey: ["gates", "check", run_id, baseline_name],
      queryFn: ({ signal }) =>
        ask(http.POST("/api/regression/check", { signal, body: { run_id, baseline_name } })),
    }),
}

export function setBaseline(body: NewBaseline): Promise<Baseline> {
  return ask(http.POST("/api/regression/baselines", { body }))
}
