/** Every question the web asks about tasks and suites, and what it asks for: to make them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Generator = Answer<"/api/tasks/generators">["data"][number]
export type Sample = Answer<"/api/tasks/preview">["data"][number]
export type Suite = Answer<"/api/suites">["data"][number]
export type SuiteItem = Answer<"/api/suites/{name}/items">["data"][number]
export type MakeTasks = components["schemas"]["MakeTasks"]
export type Config = MakeTasks["config"]
/** Which tasks of a generator. */
export type Draw = Pick<MakeTasks, "config" | "seed" | "split">

const PAGE = 50
const MOST = 100

export const tasks = {
  generators: queryOptions({
    queryKey: ["tasks", "generators"],
    queryFn: ({ signal }) => ask(http.GET("/api/tasks/generators", { signal })),
  }),
  preview: (generator: string, draw: Draw) =>
    queryOptions({
      queryKey: ["tasks", "preview", generator, draw],
      queryFn: ({ signal }) =>
        ask(
          http.GET("/api/tasks/preview", {
            signal,
            params: { query: { ...draw, generator, config: JSON.stringify(draw.config) } },
          }),
        ),
      staleTime: Number.POSITIVE_INFINITY, // the same draw, the same tasks
    }),
  suites: infiniteQueryOptions({
    queryKey: ["tasks", "suites"],
    queryFn: ({ signal, pageParam }) =>
      ask(http.GET("/api/suites", { signal, params: { query: { limit: PAGE, offset: pageParam } } })),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.data.length < PAGE ? undefined : pages.length * PAGE),
  }),
  /** One row of the list of suites; null if it is not there. */
  suite: (name: string) =>
    queryOptions({
      queryKey: ["tasks", "suite", name],
      queryFn: async ({ signal }): Promise<Suite | null> => {
        for (let offset = 0; ; offset += MOST) {
          const query = { limit: MOST, offset }
          const { data } = await ask(http.GET("/api/suites", { signal, params: { query } }))
          const found = data.find((one) => one.name === name)
          if (found || data.length < MOST) return found ?? null
        }
      },
      staleTime: Number.POSITIVE_INFINITY, // a suite is frozen
    }),
  items: (name: string) =>
    infiniteQueryOptions({
      queryKey: ["tasks", "items", name],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/suites/{name}/items", {
            signal,
            params: { path: { name }, query: { after: pageParam, limit: PAGE } },
          }),
        ),
      initialPageParam: -1,
      getNextPageParam: (page) => page.next_after ?? undefined,
      staleTime: Number.POSITIVE_INFINITY,
    }),
}

export function makeTasks(body: MakeTasks): Promise<{ run_id: string }> {
  return ask(http.POST("/api/tasks/generate", { body }))
}
