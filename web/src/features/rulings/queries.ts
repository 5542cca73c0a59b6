/** What people ruled on a trace, and ruling on it; the newest ruling of a subject counts. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"

export type Ruling = Answer<"/api/traces/{trace_id}/rulings">["rulings"][number]

export interface NewRuling {
  trace: string
  subject: Ruling["subject"]
  outcome: Ruling["outcome"]
  note: string
  author: string
}

export const rulings = (trace: string) =>
  queryOptions({
    queryKey: ["rulings", trace],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/traces/{trace_id}/rulings", { signal, params: { path: { trace_id: trace } } })),
  })

/** Ruling; `onRuled` tells whoever counts rulings. */
export function useRule(onRuled: (ruled: Ruling) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ trace, ...body }: NewRuling) =>
      ask(http.POST("/api/traces/{trace_id}/rulings", { params: { path: { trace_id: trace } }, body })),
    onSuccess: onRuled,
    onSettled: (_, __, { trace }) => queries.invalidateQueries({ queryKey: ["rulings", trace] }),
  })
}
