/** Every question the web asks before a training, and what it asks for: to train. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"
import { isRecord } from "@/features/train/recipe"

export type Starting = Answer<"/api/tunix/recipes">["data"][number]
export type NewTraining = components["schemas"]["TrainRequest"]
export type Choices = Awaited<ReturnType<typeof choices>>

const MOST = 100

export const training = {
  /** What a training can be made of. */
  choices: queryOptions({
    queryKey: ["training", "choices"],
    queryFn: ({ signal }) => choices(signal),
  }),
  /** The recipe and the dataset of an earlier run; null where the run has no recipe. */
  earlier: (run: string) =>
    queryOptions({
      queryKey: ["training", "earlier", run],
      queryFn: async ({ signal }) => {
        const { name, config } = await ask(
          http.GET("/api/runs/{run_id}", { signal, params: { path: { run_id: run } } }),
        )
        if (!isRecord(config.recipe)) return null
        return { name, recipe: config.recipe, dataset: String(config.dataset_key ?? "") }
      },
      staleTime: Number.POSITIVE_INFINITY, // what a run was asked never changes
    }),
}

async function choices(signal: AbortSignal) {
  const [status, schema, recipes, datasets, suites, models, waiting, running] = await Promise.all([
    ask(http.GET("/api/tunix/status", { signal })),
    ask(http.GET("/api/tunix/recipe-schema", { signal })),
    ask(http.GET("/api/tunix/recipes", { signal })),
    ask(http.GET("/api/datasets", { signal, params: { query: { limit: MOST } } })),
    ask(http.GET("/api/suites", { signal, params: { query: { limit: MOST } } })),
    ask(http.GET("/api/models", { signal, params: { query: { limit: MOST } } })),
    ask(http.GET("/api/runs", { signal, params: { query: { limit: MOST, status: "pending" } } })),
    ask(http.GET("/api/runs", { signal, params: { query: { limit: MOST, status: "running" } } })),
  ])
  return {
    status,
    schema,
    recipes: recipes.data,
    datasets: datasets.data.map((one) => ({ key: one.dataset_key, rows: one.trace_count })),
    suites: suites.data.map((one) => one.name),
    /** Runs that a training may wait for. */
    others: [...running.data, ...waiting.data].map(({ id, name }) => ({ id, name })),
    bases: models.flatMap(({ name, latest_version: label }) => (label ? [`registry:${name}@${label}`] : [])),
  }
}

export function train(body: NewTraining): Promise<{ run_id: string }> {
  return ask(http.POST("/api/tunix/train", { body }))
}
