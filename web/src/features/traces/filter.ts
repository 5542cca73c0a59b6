/** What the trace list shows, as it stands in the URL: a query, and its order. */
import { hasWords, valueFor, withTerm, words } from "@/ui/query"

export const VERDICTS = ["right", "wrong", "undecided", "none"] as const
export const LABELS = ["good", "neutral", "bad"] as const
export type Label = (typeof LABELS)[number]

export interface TraceFilter {
  query?: string
  /** By rank those that answer its words best come first; else the newest. */
  order?: "rank"
}

/** The filter, and the row of the list one came from. */
export interface TraceSearch extends TraceFilter {
  at?: number
}

/** The router keeps what is not taken away, and would have it read again. */
const OLD = { q: undefined, source: undefined, model: undefined, verdict: undefined }

/** Addresses that were made before there was a query language are understood as well. */
export function readTraceSearch(search: Record<string, unknown>): TraceSearch {
  let query = text(search.query).trim()
  for (const field of ["source", "model", "verdict"] as const) {
    const value = text(search[field])
    if (value && valueFor(query, field) === undefined) query = withTerm(query, field, value)
  }
  if (text(search.q)) query = `${query} ${words(text(search.q))}`.trim()
  const at = typeof search.at === "number" && search.at >= 0 ? Math.floor(search.at) : undefined
  return {
    ...OLD,
    ...filterOf({ query, ...(search.order === "rank" ? { order: "rank" } : {}) }),
    ...(at === undefined ? {} : { at }),
  }
}

export function filterOf({ query, order }: TraceSearch): TraceFilter {
  if (!query) return {}
  return { query, ...(order && hasWords(query) ? { order } : {}) }
}

export function showsDeleted({ query = "" }: TraceFilter): boolean {
  return valueFor(query, "is") === "deleted"
}

/** The router reads `?query=12` as a number; here it is words. */
function text(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : ""
}
