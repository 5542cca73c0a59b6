import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { filterOf, type TraceSearch } from "@/features/traces/filter"
import { PAGE, traces } from "@/features/traces/queries"
import { useKeys } from "@/ui/keys"
import { count } from "@/ui/words"

interface Props {
  search: TraceSearch & { at: number }
  onOpen: (id: string, at: number) => void
}

/** The trace before and the one after, in exactly the list the reader came from. */
export function Neighbours({ search, onOpen }: Props) {
  const filter = filterOf(search)
  const total = useQuery(traces.facets(filter)).data?.total
  const before = useRow(search, search.at - 1)
  const after = useRow(search, search.at + 1)
  useKeys({
    K: () => before && onOpen(before, search.at - 1),
    J: () => after && onOpen(after, search.at + 1),
  })
  return (
    <span className="flex items-center gap-2 text-sm text-muted">
      <span className="tabular-nums">
        {count(search.at + 1)}
        {total !== undefined && ` of ${count(total)}`}
      </span>
      <Step id={before} search={{ ...search, at: search.at - 1 }} label="Previous trace" icon="↑" />
      <Step id={after} search={{ ...search, at: search.at + 1 }} label="Next trace" icon="↓" />
    </span>
  )
}

function Step(props: { id: string | undefined; search: TraceSearch; label: string; icon: string }) {
  if (!props.id)
    return (
      <button type="button" className="btn" disabled aria-label={props.label}>
        {props.icon}
      </button>
    )
  return (
    <Link
      to="/traces/$id"
      params={{ id: props.id }}
      search={props.search}
      className="btn text-fg"
      aria-label={props.label}
    >
      {props.icon}
    </Link>
  )
}

function useRow(search: TraceSearch, at: number): string | undefined {
  const page = useQuery({
    ...traces.page(filterOf(search), Math.floor(Math.max(0, at) / PAGE)),
    enabled: at >= 0,
  })
  return at < 0 ? undefined : page.data?.data[at % PAGE]?.id
}
