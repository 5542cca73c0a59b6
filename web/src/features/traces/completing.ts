/** What may stand next in the search box: names of fields, and values the store really holds. */
import { LABELS, VERDICTS } from "@/features/traces/filter"
import type { Facets } from "@/features/traces/queries"
import { FIELDS, type Gap, term } from "@/ui/query"
import { count } from "@/ui/words"

export interface Completion {
  /** What takes the place of the gap. */
  put: string
  shown: string
  note: string
}

const MOST = 8

export function completions(gap: Gap | null, facets: Facets | undefined): Completion[] {
  if (!gap) return []
  const typed = gap.typed.toLowerCase()
  if (gap.field === null)
    return Object.entries(FIELDS)
      .filter(([field]) => field.startsWith(typed))
      .map(([field, note]) => {
        const put = field === "is" ? "is:deleted" : field === "meta" ? "meta." : `${field}:`
        return { put, shown: put, note }
      })
  const { field } = gap
  return valuesOf(field, facets)
    .filter(([value]) => value.toLowerCase().includes(typed))
    .slice(0, MOST)
    .map(([value, note]) => ({ put: `${term(field, value)} `, shown: value, note }))
}

function valuesOf(field: string, facets: Facets | undefined): (readonly [string, string])[] {
  const counted = (list: Facets["sources"] = []) =>
    list.flatMap(({ value, count: n }) => (value === null ? [] : [[value, count(n)] as const]))
  switch (field) {
    case "source":
      return counted(facets?.sources)
    case "model":
      return counted(facets?.models)
    case "type":
      return counted(facets?.types)
    case "verdict":
      return VERDICTS.map((value) => [value, value === "none" ? "not judged" : ""])
    case "label":
      return [...LABELS.map((value) => [value, ""] as const), ["none", "not labelled"]]
    case "is":
      return [["deleted", ""]]
    default:
      return []
  }
}
