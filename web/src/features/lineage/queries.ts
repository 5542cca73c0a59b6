/** What a thing was made from, and what was made from it. */
import { queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Lineage = Answer<"/api/lineage/{kind}/{id_}">
export type Kind = "trace" | "dataset" | "run" | "evaluation" | "model"

export const lineage = {
  of: (kind: Kind, id: string) =>
    queryOptions({
      queryKey: ["lineage", kind, id],
      queryFn: ({ signal }) =>
        ask(
          http.GET("/api/lineage/{kind}/{id_}", {
            signal,
            params: { path: { kind, id_: id } },
          }),
        ),
    }),
}
