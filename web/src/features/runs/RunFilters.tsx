import { KINDS, type RunFilter, STATUSES } from "@/features/runs/queries"
import { wordFor } from "@/ui/Badge"

interface Props {
  filter: RunFilter
  onFilter: (filter: RunFilter) => void
}

/** Which runs are listed. */
export function RunFilters({ filter, onFilter }: Props) {
  const { kind, status } = filter
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <select
        aria-label="Kind"
        className="field"
        value={kind ?? ""}
        onChange={(event) =>
          onFilter({
            ...(status ? { status } : {}),
            ...(event.target.value ? { kind: event.target.value } : {}),
          })
        }
      >
        <option value="">Kind: all</option>
        {(kind && !KINDS.some((known) => known === kind) ? [kind, ...KINDS] : KINDS).map((known) => (
          <option key={known}>{known}</option>
        ))}
      </select>
      <select
        aria-label="Status"
        className="field"
        value={status ?? ""}
        onChange={(event) => {
          const chosen = STATUSES.find((known) => known === event.target.value)
          onFilter({ ...(kind ? { kind } : {}), ...(chosen ? { status: chosen } : {}) })
        }}
      >
        <option value="">Status: all</option>
        {STATUSES.map((known) => (
          <option key={known} value={known}>
            {wordFor(known)}
          </option>
        ))}
      </select>
    </div>
  )
}
