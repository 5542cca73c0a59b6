/** How a curation is spoken of. */
import { count, number, percent } from "@/ui/words"

/** Where a hit stands: that is shown, text against text, not said. */
const PLACES = /(^|_)(start|end)$/

/** What shows a reason, in words: `similarity 0.902, text raw`. */
export function evidenceWords(evidence: Record<string, unknown> | null): string {
  return Object.entries(evidence ?? {})
    .filter(([name, value]) => value !== null && typeof value !== "object" && !PLACES.test(name))
    .map(([name, value]) => `${name} ${typeof value === "number" ? number(value) : String(value)}`)
    .join(", ")
}

/** `582 of 1,600 kept, 36.4%`. */
export function keptWords(kept: number, of: number): string {
  return `${count(kept)} of ${count(of)} kept${of > 0 ? `, ${percent(kept / of)}` : ""}`
}

/** What a filter asks for, field by field; all traces, where it asks for nothing. */
export function filterWords(filter: unknown): string {
  if (typeof filter === "string") return filter || "all traces"
  const said = Object.entries((filter ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
    if (value === null || value === false || value === "") return []
    if (Array.isArray(value)) return value.length > 0 ? [`${name}:${JSON.stringify(value)}`] : []
    return [name === "q" ? String(value) : `${name}:${String(value)}`]
  })
  return said.join(" ") || "all traces"
}
