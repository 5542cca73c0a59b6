/** Every question the web asks about exams, and what it asks for: to make one, to sit one. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Exam = Answer<"/api/exams/{name}">
export type ExamItem = Answer<"/api/exams/{name}/items">["data"][number]
export type Score = Answer<"/api/exams/{name}/scores">["data"][number]
export type NewExam = components["schemas"]["ExamConfig-Input"]
export type Kind = ExamItem["kind"]

const PAGE = 20
const MOST = 100

export const exams = {
  list: queryOptions({
    queryKey: ["exams", "list"],
    queryFn: ({ signal }) => ask(http.GET("/api/exams", { signal, params: { query: { limit: MOST } } })),
  }),
  one: (name: string) =>
    queryOptions({
      queryKey: ["exams", "one", name],
      queryFn: ({ signal }) => ask(http.GET("/api/exams/{name}", { signal, params: { path: { name } } })),
      staleTime: Number.POSITIVE_INFINITY, // an exam is frozen
    }),
  scores: (name: string) =>
    queryOptions({
      queryKey: ["exams", "scores", name],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/exams/{name}/scores", { signal, params: { path: { name } } })),
    }),
  items: (name: string, kind: Kind | undefined) =>
    infiniteQueryOptions({
      queryKey: ["exams", "items", name, kind],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/exams/{name}/items", {
            signal,
            params: {
              path: { name },
              query: { limit: PAGE, ...(kind ? { kind } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
            },
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      staleTime: Number.POSITIVE_INFINITY,
    }),
}

export function makeExam(body: NewExam): Promise<{ run_id: string }> {
  return ask(http.POST("/api/exams", { body }))
}

export function sitExam(name: string, verifier: string): Promise<{ run_id: string }> {
  return ask(http.POST("/api/exams/{name}/scores", { params: { path: { name } }, body: { verifier } }))
}
