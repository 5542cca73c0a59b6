/** Every question the web asks about models, and what it asks for: to check, import and export them. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Model = Answer<"/api/models">[number]
export type Version = Answer<"/api/models/{model_id}">["versions"][number]
export type NewExport = components["schemas"]["NewExport"]

const MOST = 100

export const models = {
  list: queryOptions({
    queryKey: ["models", "list"],
    queryFn: ({ signal }) => ask(http.GET("/api/models", { signal, params: { query: { limit: MOST } } })),
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["models", "one", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/models/{model_id}", { signal, params: { path: { model_id: id } } })),
    }),
}

type Queued = Promise<{ run_id: string }>

export function importModel(body: components["schemas"]["Import"]): Queued {
  return ask(http.POST("/api/models/import", { body }))
}

export function checkModel(body: components["schemas"]["CheckModel"]): Queued {
  return ask(http.POST("/api/models/check", { body }))
}

export function exportVersion(version: string, body: NewExport): Queued {
  const path = { version_id: version }
  return ask(http.POST("/api/models/versions/{version_id}/export", { params: { path }, body }))
}
