/** The filter of the trace list, as it stands in the URL. */

export const VERDICTS = ["right", "wrong", "undecided", "none"] as const

export interface TraceFilter {
  source?: string
  model?: string
  verdict?: (typeof VERDICTS)[number]
  q?: string
}

/** The filter, and the row of the list one came from. */
export interface TraceSearch extends TraceFilter {
  at?: number
}

export function readTraceSearch(search: Record<string, unknown>): TraceSearch {
  const verdict = VERDICTS.find((known) => known === search.verdict)
  return {
    ...word("source", search.source),
    ...word("model", search.model),
    ...(verdict ? { verdict } : {}),
    ...word("q", search.q),
    ...(typeof search.at === "number" && search.at >= 0 ? { at: Math.floor(search.at) } : {}),
  }
}

export function filterOf({ source, model, verdict, q }: TraceSearch): TraceFilter {
  return {
    ...(source ? { source } : {}),
    ...(model ? { model } : {}),
    ...(verdict ? { verdict } : {}),
    ...(q ? { q } : {}),
  }
}

/** The router reads `?q=12` as a number; here it is words. */
function word<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return {}
  const text = String(value)
  return text ? ({ [name]: text } as Partial<Record<Name, string>>) : {}
}
