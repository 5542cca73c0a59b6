/** Every question the web asks about models. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Model = Answer<"/api/models">[number]
export type Version = Answer<"/api/models/{model_id}">["versions"][number]

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
