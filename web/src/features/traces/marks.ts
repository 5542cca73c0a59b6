/** What people say of traces: labels, tags, notes, scores; and taking traces away and bringing them back. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { type Answer, ask, http } from "@/api/client"
import type { components } from "@/api/schema.gen"

export type Annotation = Answer<"/api/traces/{trace_id}/annotations">["current"][number]
export type Mark = components["schemas"]["Mark"]
export type Purged = components["schemas"]["Purged"]

/** As many as the server takes in one request. */
export const MOST_AT_ONCE = 1000

const AUTHOR = "author"

/** Who speaks, as this browser remembers it. */
export function author(): string {
  try {
    return localStorage.getItem(AUTHOR) || "local"
  } catch {
    return "local"
  }
}

export function setAuthor(name: string): void {
  try {
    localStorage.setItem(AUTHOR, name.trim())
  } catch {
    // Storage is switched off: nothing to remember it in.
  }
}

export const annotations = (id: string) =>
  queryOptions({
    queryKey: ["traces", "annotations", id],
    queryFn: ({ signal }) =>
      ask(http.GET("/api/traces/{trace_id}/annotations", { signal, params: { path: { trace_id: id } } })),
  })

export function say(id: string, mark: Mark): Promise<Annotation> {
  return ask(
    http.POST("/api/traces/{trace_id}/annotations", {
      params: { path: { trace_id: id } },
      body: { ...mark, author: author() },
    }),
  )
}

export function takeBack(id: string, annotation: string): Promise<unknown> {
  return ask(
    http.DELETE("/api/traces/{trace_id}/annotations/{annotation_id}", {
      params: { path: { trace_id: id, annotation_id: annotation } },
    }),
  )
}

export function sayOfMany(ids: readonly string[], mark: Mark): Promise<{ changed: number }> {
  return ask(
    http.POST("/api/traces/mark", {
      body: { trace_ids: [...ids], mark, author: author(), remove: false },
    }),
  )
}

export function deleteTraces(ids: readonly string[]): Promise<{ changed: number }> {
  return ask(http.POST("/api/traces/delete", { body: { trace_ids: [...ids] } }))
}

export function restoreTraces(ids: readonly string[]): Promise<{ changed: number }> {
  return ask(http.POST("/api/traces/restore", { body: { trace_ids: [...ids] } }))
}

export function purgeTraces(ids: readonly string[]): Promise<Purged> {
  return ask(http.POST("/api/traces/purge", { body: { trace_ids: [...ids] } }))
}

/** What an act on traces changes; verdicts and records stay as they are. */
const CHANGED: readonly unknown[] = ["page", "facets", "one", "annotations"]

/** An act that changes traces: whatever is shown of them is asked for again. */
export function useAct<Input, Output>(
  act: (input: Input) => Promise<Output>,
  onDone?: (output: Output, input: Input) => void,
  changed = CHANGED,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (output, input) => onDone?.(output, input),
    onSettled: () =>
      queries.invalidateQueries({
        queryKey: ["traces"],
        predicate: ({ queryKey }) => changed.includes(queryKey[1]),
      }),
  })
}
