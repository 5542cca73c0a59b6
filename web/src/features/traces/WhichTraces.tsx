import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { traces } from "@/features/traces/queries"
import { isRefusal, Refusal } from "@/features/traces/Refusal"
import { SearchBox } from "@/features/traces/SearchBox"
import { count } from "@/ui/words"

interface Props {
  query: string
  onQuery: (query: string) => void
}

const REFUSED = "query-refused"

/** Which traces something is done with: the box of the query language, and how many it leaves. */
export function WhichTraces({ query, onQuery }: Props) {
  const found = useQuery({ ...traces.facets({ query }), placeholderData: keepPreviousData })
  const refused = isRefusal(found.error) ? found.error : null
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox value={query} refusal={refused ? REFUSED : undefined} onSearch={onQuery} />
        <span role="status" className="text-sm whitespace-nowrap tabular-nums">
          {found.data && !found.error && (
            <Link to="/traces" search={query ? { query } : {}} className="link">
              {count(found.data.total)} {found.data.total === 1 ? "trace" : "traces"}
            </Link>
          )}
        </span>
      </div>
      {refused && <Refusal id={REFUSED} error={refused} query={query} />}
    </div>
  )
}
