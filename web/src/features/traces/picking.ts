/** Which traces of a list are picked, by key, by mouse and from one row to another. */
import { useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import type { TraceFilter } from "@/features/traces/filter"
import { MOST_AT_ONCE } from "@/features/traces/marks"
import { PAGE, traces } from "@/features/traces/queries"

export interface Picked {
  ids: ReadonlySet<string>
  /** Picks a row, or lets it go. */
  toggle: (id: string, at: number) => void
  /** Picks every row from the one picked last to this one, also those never scrolled to. */
  reach: (at: number) => Promise<void>
  clear: () => void
}

export function usePicked(filter: TraceFilter): Picked {
  const queries = useQueryClient()
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef(0)
  const toggle = (id: string, at: number): void => {
    anchor.current = at
    setIds((old) => {
      const next = new Set(old)
      if (!next.delete(id) && next.size < MOST_AT_ONCE) next.add(id)
      return next
    })
  }
  const reach = async (at: number): Promise<void> => {
    const from = Math.min(anchor.current, at)
    const to = Math.min(Math.max(anchor.current, at), from + MOST_AT_ONCE - 1)
    const first = Math.floor(from / PAGE)
    const pages = await Promise.all(
      Array.from({ length: Math.floor(to / PAGE) - first + 1 }, (_, page) =>
        queries.ensureQueryData(traces.page(filter, first + page)),
      ),
    )
    const rows = pages.flatMap((page) => page.data).slice(from - first * PAGE, to - first * PAGE + 1)
    setIds((old) => new Set([...old, ...rows.map((row) => row.id)].slice(0, MOST_AT_ONCE)))
  }
  return { ids, toggle, reach, clear: () => setIds(new Set()) }
}
