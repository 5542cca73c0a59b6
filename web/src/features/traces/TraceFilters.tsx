import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type TraceFilter, VERDICTS } from "@/features/traces/filter"
import { type Facets, traces } from "@/features/traces/queries"
import { isRefusal, Refusal } from "@/features/traces/Refusal"
import { SearchBox } from "@/features/traces/SearchBox"
import { wordFor } from "@/ui/Badge"
import { hasWords, valueFor, withTerm } from "@/ui/query"
import { count } from "@/ui/words"

interface Props {
  filter: TraceFilter
  /** Edits the filter as it stands then: leaving the box may just have changed it. */
  onFilter: (change: (filter: TraceFilter) => TraceFilter) => void
}

const REFUSED = "query-refused"

/** What is looked for: the query, and the choices that edit it. Each says how many it would leave. */
export function TraceFilters({ filter, onFilter }: Props) {
  const query = filter.query ?? ""
  const { error } = useQuery(traces.facets(filter))
  const open = useQuery({
    ...traces.facets({ query: withTerm(query, "verdict") }),
    placeholderData: keepPreviousData,
  })
  const verdict = valueFor(query, "verdict")
  const verdicts = new Map(open.data?.verdicts.map((one) => [one.value ?? "none", one.count]))
  const deleted = valueFor(query, "is") === "deleted"
  const set = (field: string, value: string | undefined): void =>
    onFilter((old) => ({ ...old, query: withTerm(old.query ?? "", field, value) }))
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 pt-2">
        <SearchBox
          value={query}
          refusal={isRefusal(error) ? REFUSED : undefined}
          onSearch={(next) => onFilter((old) => ({ ...old, query: next }))}
        />
        {hasWords(query) && (
          <select
            aria-label="Order"
            className="field"
            value={filter.order ?? "newest"}
            onChange={({ target }) =>
              onFilter(({ order: _, ...old }) => (target.value === "rank" ? { ...old, order: "rank" } : old))
            }
          >
            <option value="newest">Newest first</option>
            <option value="rank">Best match first</option>
          </select>
        )}
        {query && (
          <button type="button" className="link px-1" onClick={() => onFilter(() => ({}))}>
            Clear filters
          </button>
        )}
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Verdict</legend>
          <Choice on={!verdict} label="All" n={open.data?.total} onChoose={() => set("verdict", undefined)} />
          {VERDICTS.map((one) => (
            <Choice
              key={one}
              on={verdict === one}
              label={wordFor(one)}
              n={open.data ? (verdicts.get(one) ?? 0) : undefined}
              onChoose={() => set("verdict", verdict === one ? undefined : one)}
            />
          ))}
        </fieldset>
        <Pick name="Source" field="source" of={(facets) => facets.sources} query={query} onPick={set} />
        <Pick name="Model" field="model" of={(facets) => facets.models} query={query} onPick={set} />
        <Pick name="Label" field="label" of={(facets) => facets.labels} query={query} onPick={set} />
        <Pick name="Type" field="type" of={(facets) => facets.types} query={query} onPick={set} />
        <button
          type="button"
          className="btn"
          aria-pressed={deleted}
          onClick={() => set("is", deleted ? undefined : "deleted")}
        >
          Deleted
        </button>
      </div>
      {isRefusal(error) && <Refusal id={REFUSED} error={error} query={query} />}
    </>
  )
}

function Choice(props: { on: boolean; label: string; n: number | undefined; onChoose: () => void }) {
  return (
    <button type="button" className="btn" aria-pressed={props.on} onClick={props.onChoose}>
      {props.label}
      {props.n !== undefined && <span className="text-muted tabular-nums">{count(props.n)}</span>}
    </button>
  )
}

interface PickProps {
  name: string
  field: "source" | "model" | "label" | "type"
  of: (facets: Facets) => Facets["sources"]
  query: string
  onPick: (field: string, value: string | undefined) => void
}

/** A facet's counts are not narrowed by its own choice, or the others could not be chosen. */
function Pick({ name, field, of, query, onPick }: PickProps) {
  const others = withTerm(query, field)
  const { data } = useQuery({ ...traces.facets({ query: others }), placeholderData: keepPreviousData })
  const value = valueFor(query, field)
  const choices = (data ? of(data) : []).flatMap(({ value: one, count: n }) => {
    if (one !== null) return [{ value: one, shown: one, count: n }]
    return field === "label" ? [{ value: "none", shown: "none", count: n }] : []
  })
  const known = value === undefined || choices.some((choice) => choice.value === value)
  const all = known ? choices : [{ value, shown: value, count: 0 }, ...choices]
  return (
    <select
      aria-label={name}
      className="field max-w-29"
      value={value ?? ""}
      onChange={(event) => onPick(field, event.target.value || undefined)}
    >
      <option value="">{name}: all</option>
      {all.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.shown} ({count(choice.count)})
        </option>
      ))}
    </select>
  )
}
