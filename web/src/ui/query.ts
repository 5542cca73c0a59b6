/**
 * The query language of the search box, as far as the web has to read it: its terms, where each
 * stands, and what may come next. The server's reading decides; this one forgives what is not finished.
 */

/** Every field, with what it asks for. */
export const FIELDS: Readonly<Record<string, string>> = {
  source: "where it came from",
  model: "the model that wrote it",
  verdict: "right, wrong, undecided or none",
  label: "good, neutral, bad or none",
  tag: "a tag that somebody gave it",
  type: "a type one of its steps has",
  dataset: "the key of a dataset that holds it",
  group: "traces with the same prompt",
  steps: "how many steps: 5, >5, 2..9",
  chars: "how many characters: >4000",
  score: "its score: >=0.5",
  date: "when it was added: 2026-11-21, >=2026-11-01",
  meta: "a value of its meta: meta.task:x",
  is: "deleted",
}

export interface Term {
  start: number
  end: number
  /** null: words or a phrase. */
  field: string | null
  value: string
  /** Where the value begins, its quote included. */
  valueAt: number
  quoted: boolean
}

const TERM = /\s*(?:([A-Za-z_]+(?:\.[^\s:"]+)?):(?!\/\/))?(?:"([^"]*)("?)|([^\s"]*))/y

/** What stands in a query, from left to right. */
export function terms(text: string): Term[] {
  const found: Term[] = []
  TERM.lastIndex = 0
  while (TERM.lastIndex < text.length) {
    const from = TERM.lastIndex
    const match = TERM.exec(text)
    if (!match || TERM.lastIndex === from) break
    const end = TERM.lastIndex
    const start = from + match[0].search(/\S|$/)
    const field = match[1] === undefined ? null : match[1].toLowerCase()
    const value = match[2] ?? match[4] ?? ""
    if (field === null && start === end) continue
    const valueAt = field === null ? start : start + field.length + 1
    found.push({ start, end, field, value, valueAt, quoted: match[2] !== undefined })
  }
  return found
}

/** Whether a query asks for words, so that it can be ordered by how well they are met. */
export function hasWords(text: string): boolean {
  return terms(text).some((one) => one.field === null)
}

/** What a query says of a field. */
export function valueFor(text: string, field: string): string | undefined {
  return terms(text).find((one) => one.field === field)?.value
}

/** The query that an address holds. The router reads `?query=12` as a number; here it is words. */
export function readQuery({ query }: Record<string, unknown>): { query?: string } {
  const known = ["string", "number", "boolean"].includes(typeof query) ? String(query).trim() : ""
  return known ? { query: known } : {}
}

/** A field with a value, as it stands in a query. A quote cannot stand in it. */
export function term(field: string, value: string): string {
  const plain = value.replaceAll('"', "")
  return /\s/.test(plain) || plain === "" ? `${field}:"${plain}"` : `${field}:${plain}`
}

/** Words to be searched for as they are, also where they look like a field. */
export function words(text: string): string {
  const plain = text.replaceAll('"', " ").trim()
  return terms(plain).some((one) => one.field !== null) ? `"${plain}"` : plain
}

/** The query with another value of one field, or, without a value, without the field. */
export function withTerm(text: string, field: string, value?: string): string {
  const old = terms(text).filter((one) => one.field === field)
  const put = value === undefined ? "" : term(field, value)
  const first = old[0]
  if (!first) return [text.trim(), put].filter(Boolean).join(" ")
  let rest = text
  for (const one of old.toReversed())
    rest = rest.slice(0, one.start) + (one === first ? put : "") + rest.slice(one.end)
  return rest.replace(/ {2,}/g, " ").trim()
}

/** What is being typed: a field's name, or (with `field`) one of its values. */
export interface Gap {
  start: number
  end: number
  field: string | null
  typed: string
}

/** What a completion at the caret would take the place of; null inside a phrase of words. */
export function gapAt(text: string, caret: number): Gap | null {
  const at = terms(text).find((one) => one.start < caret && caret <= one.end)
  if (!at) return { start: caret, end: caret, field: null, typed: "" }
  if (at.field === null)
    return at.quoted ? null : { start: at.start, end: at.end, field: null, typed: at.value }
  if (caret < at.valueAt)
    return { start: at.start, end: at.valueAt, field: null, typed: text.slice(at.start, caret) }
  return { start: at.start, end: at.end, field: at.field, typed: at.value }
}

/** The character that the server's refusal of a query names, counted from 0 in UTF-16 units. */
export function placeOf(message: string, query: string): number | null {
  const said = /\(at character (\d+)\)/.exec(message)
  if (!said) return null
  return [...query].slice(0, Number(said[1]) - 1).join("").length
}
