/** Every question the web asks about tuning jobs, and what it asks for: create, start, cancel. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Job = Answer<"/api/tuning/jobs/{job_id}">
export type Trial = NonNullable<Job["trials"]>[number]
export type NewJob = components["schemas"]["NewJob"]
export type Space = NewJob["search_space"]

const PAGE = 20
const LIVE_MS = 2_000

export const tuning = {
  list: infiniteQueryOptions({
    queryKey: ["tuning", "list"],
    queryFn: ({ signal, pageParam }) =>
      ask(http.GET("/api/tuning/jobs", { signal, params: { query: { limit: PAGE, offset: pageParam } } })),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < PAGE ? undefined : pages.length * PAGE),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.some((job) => job.status === "running")) ? LIVE_MS * 2 : false,
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["tuning", "one", id],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/tuning/jobs/{job_id}", { signal, params: { path: { job_id: id } } })),
      refetchInterval: ({ state }) => (state.data?.status === "running" ? LIVE_MS : false),
    }),
  /** What a job can be made of. */
  choices: queryOptions({
    queryKey: ["tuning", "choices"],
    queryFn: async ({ signal }) => {
      const [datasets, suites] = await Promise.all([
        ask(http.GET("/api/datasets", { signal, params: { query: { limit: 100 } } })),
        ask(http.GET("/api/suites", { signal })),
      ])
      return {
        datasets: datasets.data.map((one) => one.dataset_key),
        suites: suites.data.map((one) => one.name),
      }
    },
  }),
}

export function createJob(body: NewJob): Promise<Job> {
  return ask(http.POST("/api/tuning/jobs", { body }))
}

export function startJob(id: string): Promise<unknown> {
  return ask(http.POST("/api/tuning/jobs/{job_id}/start", { params: { path: { job_id: id } } }))
}

export function cancelJob(id: string): Promise<unknown> {
  return ask(http.POST("/api/tuning/jobs/{job_id}/cancel", { params: { path: { job_id: id } } }))
}
