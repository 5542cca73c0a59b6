/** Every question the web asks about observers, and what it asks for: to fit, examine and rank. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Observer = Answer<"/api/observers/{name}">
export type Quality = Observer["quality"]
export type Exam = Observer["exams"][number]
export type Ranked = Answer<"/api/observers/{name}/ranking">["data"][number]
export type Fit = components["schemas"]["FitConfig-Input"]
export type NewExam = components["schemas"]["NewExam"]
type Queued = Promise<{ run_id: string }>

/** Who says what is right. */
export const TRUTHS: Readonly<Record<Fit["truth"], string>> = {
  verdict: "the stored verdict",
  label: "the source's label",
  ruling: "people's rulings",
}

const MOST = 100
const PAGE = 50

export const observers = {
  list: queryOptions({
    queryKey: ["observers", "list"],
    queryFn: ({ signal }) => ask(http.GET("/api/observers", { signal, params: { query: { limit: MOST } } })),
  }),
  one: (name: string) =>
    queryOptions({
      queryKey: ["observers", "one", name],
      queryFn: ({ signal }) => ask(http.GET("/api/observers/{name}", { signal, params: { path: { name } } })),
    }),
  ranking: (name: string) =>
    infiniteQueryOptions({
      queryKey: ["observers", "ranking", name],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/observers/{name}/ranking", {
            signal,
            params: { path: { name }, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),
}

export function fit(body: Fit): Queued {
  return ask(http.POST("/api/observers", { body }))
}

export function examine(name: string, body: NewExam): Queued {
  return ask(http.POST("/api/observers/{name}/exams", { params: { path: { name } }, body }))
}

export function rank(name: string, filter: string): Queued {
  return ask(http.POST("/api/observers/{name}/ranking", { params: { path: { name } }, body: { filter } }))
}
