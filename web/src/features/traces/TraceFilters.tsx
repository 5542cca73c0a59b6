import { useQuery } from "@tanstack/react-query"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { type TraceFilter, VERDICTS } from "@/features/traces/filter"
import { traces } from "@/features/traces/queries"
import { wordFor } from "@/ui/Badge"
import { useKeys } from "@/ui/keys"
import { count } from "@/ui/words"

interface Props {
  filter: TraceFilter
  onFilter: (filter: TraceFilter) => void
}

/** What is looked for. Each choice says how many it would leave. */
export function TraceFilters({ filter, onFilter }: Props) {
  const facets = useQuery({ ...traces.facets(filter), placeholderData: (before) => before })
  // A facet's own counts must not be narrowed by its own choice, or the others could not be chosen.
  const { verdict: _verdict, ...others } = filter
  const open = useQuery({ ...traces.facets(others), placeholderData: (before) => before })
  const set = (change: Partial<Record<keyof TraceFilter, string | undefined>>) => {
    const next = Object.entries({ ...filter, ...change }).filter(([, value]) => value)
    onFilter(Object.fromEntries(next))
  }
  const verdicts = new Map(open.data?.verdicts.map((one) => [one.value ?? "none", one.count]))
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <Search value={filter.q ?? ""} onSearch={(q) => set({ q })} />
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Verdict</legend>
        <Choice
          on={!filter.verdict}
          label="All"
          n={open.data?.total}
          onChoose={() => set({ verdict: undefined })}
        />
        {VERDICTS.map((verdict) => (
          <Choice
            key={verdict}
            on={filter.verdict === verdict}
            label={wordFor(verdict)}
            n={open.data ? (verdicts.get(verdict) ?? 0) : undefined}
            onChoose={() => set({ verdict })}
          />
        ))}
      </fieldset>
      <Pick
        label="Source"
        value={filter.source}
        choices={facets.data?.sources}
        onPick={(source) => set({ source })}
      />
      <Pick
        label="Model"
        value={filter.model}
        choices={facets.data?.models}
        onPick={(model) => set({ model })}
      />
      {Object.keys(filter).length > 0 && (
        <button type="button" className="link px-1" onClick={() => onFilter({})}>
          Clear filters
        </button>
      )}
    </div>
  )
}

function Search({ value, onSearch }: { value: string; onSearch: (text: string | undefined) => void }) {
  const [text, setText] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => setText(value), [value])
  useKeys({ "/": () => input.current?.focus() })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSearch(text.trim() || undefined)
  }
  return (
    <form role="search" onSubmit={submit} className="min-w-0 grow basis-40 md:max-w-60">
      <input
        ref={input}
        type="search"
        aria-label="Search the prompts"
        placeholder="Search the prompts"
        className="field w-full"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text.trim() !== value && onSearch(text.trim() || undefined)}
      />
    </form>
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
  label: string
  value: string | undefined
  choices: readonly { value: string | null; count: number }[] | undefined
  onPick: (value: string | undefined) => void
}

function Pick({ label, value, choices = [], onPick }: PickProps) {
  const named = choices.flatMap((choice) =>
    choice.value ? [{ value: choice.value, count: choice.count }] : [],
  )
  const known = value === undefined || named.some((choice) => choice.value === value)
  const all = known ? named : [{ value, count: 0 }, ...named]
  return (
    <select
      aria-label={label}
      className="field max-w-36"
      value={value ?? ""}
      onChange={(event) => onPick(event.target.value || undefined)}
    >
      <option value="">{label}: all</option>
      {all.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.value} ({count(choice.count)})
        </option>
      ))}
    </select>
  )
}
