/** Every question the web asks about a training that practises: its rollouts, and what the run doctor finds. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Rollout = Answer<"/api/tunix/runs/{run_id}/rollouts">["data"][number]
export type Diagnosis = Answer<"/api/tunix/runs/{run_id}/doctor">
export type Finding = Diagnosis["findings"][number]

/** Which rollouts are shown. */
export interface Which {
  round: number
  /** One problem of the round, else all. */
  slot?: number | undefined
}

const LIVE_MS = 2_000
const MOST = 100

export const practice = {
  /** How many rollouts there are so far, and the newest of them; asked for once more at the end. */
  newest: (id: string, active: boolean) =>
    queryOptions({
      queryKey: ["practice", "newest", id, active],
      queryFn: async ({ signal }) => {
        const { data, total } = await ask(
          http.GET("/api/tunix/runs/{run_id}/rollouts", {
            signal,
            params: { path: { run_id: id }, query: { limit: 1 } },
          }),
        )
        return { total, round: data[0]?.round ?? null }
      },
      refetchInterval: active ? LIVE_MS : false,
    }),
  /** The rollouts of one round, a few whole groups at a time. */
  round: (id: string, { round, slot }: Which, group: number) =>
    infiniteQueryOptions({
      queryKey: ["practice", "round", id, round, slot],
      queryFn: ({ signal, pageParam }) =>
        ask(
          http.GET("/api/tunix/runs/{run_id}/rollouts", {
            signal,
            params: {
              path: { run_id: id },
              query: {
                round,
                limit: pageOf(group),
                offset: pageParam,
                ...(slot === undefined ? {} : { slot }),
              },
            },
          }),
        ),
      initialPageParam: 0,
      getNextPageParam: (page) => page.pagination.next_offset ?? undefined,
      staleTime: Number.POSITIVE_INFINITY, // a round is written once
    }),
  doctor: (id: string, active: boolean) =>
    queryOptions({
      queryKey: ["practice", "doctor", id, active],
      queryFn: ({ signal }) =>
        ask(http.GET("/api/tunix/runs/{run_id}/doctor", { signal, params: { path: { run_id: id } } })),
      refetchInterval: active ? LIVE_MS * 4 : false,
    }),
}

/** As many whole groups as one answer holds. */
export function pageOf(group: number): number {
  return group < MOST ? Math.floor(MOST / group) * group : MOST
}
