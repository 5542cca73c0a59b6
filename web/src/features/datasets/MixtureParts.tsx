import { useQueries } from "@tanstack/react-query"
import { useState } from "react"
import { mixtureSizes, scarcest } from "@/features/datasets/mixing"
import { datasets } from "@/features/datasets/queries"
import { count, percent } from "@/ui/words"

export interface PartDraft {
  id: number
  name: string
  query: string
  share: number
}

interface Props {
  parts: readonly PartDraft[]
  onParts: (parts: PartDraft[]) => void
  /** Rows at most. */
  limit: number
}

/** Parts of a mixture, each with its traces, its share, and the rows that come of it. */
export function MixtureParts({ parts, onParts, limit }: Props) {
  const found = useQueries({ queries: parts.map((part) => datasets.matching(part.query)) })
  const available = found.map((one) => one.data ?? 0)
  const shares = parts.map((part) => part.share)
  const known = found.every((one) => one.data !== undefined)
  const sizes = mixtureSizes(available, shares, limit)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const small = known ? scarcest(available, shares, limit) : null
  const change = (id: number, next: Partial<PartDraft>): void =>
    onParts(parts.map((part) => (part.id === id ? { ...part, ...next } : part)))
  return (
    <div className="flex flex-col gap-2">
      <ol aria-label="Parts" className="flex flex-col gap-2">
        {parts.map((part, place) => (
          <li
            key={part.id}
            className="card grid items-end gap-x-3 gap-y-2 p-3 sm:grid-cols-[140px_minmax(0,1fr)] lg:grid-cols-[140px_minmax(0,1fr)_200px_120px_auto]"
          >
            <label className="flex min-w-0 flex-col gap-1">
              <span className="text-sm text-muted">Part {place + 1}</span>
              <input
                required
                maxLength={64}
                className="field"
                value={part.name}
                onChange={({ target }) => change(part.id, { name: target.value })}
              />
            </label>
            <QueryOf
              part={part}
              told={found[place]?.error?.message ?? null}
              total={found[place]?.data}
              onQuery={(query) => change(part.id, { query })}
            />
            <label className="flex min-w-0 flex-col gap-1">
              <span className="text-sm text-muted">
                Share{" "}
                {percent(
                  part.share /
                    Math.max(
                      1,
                      shares.reduce((sum, one) => sum + one, 0),
                    ),
                )}
              </span>
              <input
                type="range"
                min={1}
                max={100}
                className="min-h-7"
                value={part.share}
                onChange={({ target }) => change(part.id, { share: Number(target.value) })}
              />
            </label>
            <span className="min-h-7 content-center text-sm tabular-nums">
              {known ? `${count(sizes[place] ?? 0)} rows` : "…"}
            </span>
            <button
              type="button"
              className="btn justify-self-start"
              aria-label={`Take part ${place + 1} out`}
              disabled={parts.length === 1}
              onClick={() => onParts(parts.filter((other) => other.id !== part.id))}
            >
              ✕
            </button>
          </li>
        ))}
      </ol>
      <p className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="btn"
          disabled={parts.length >= MOST}
          onClick={() => onParts([...parts, newPart(Math.max(...parts.map((part) => part.id)) + 1)])}
        >
          Add a part
        </button>
        <span role="status" className="text-sm text-muted tabular-nums">
          {known && `At most ${count(total)} rows together`}
          {small !== null &&
            `: ${parts[small]?.name || `part ${small + 1}`} has no more than ${count(available[small] ?? 0)}`}
          . A trace that two parts want goes to the first.
        </span>
      </p>
    </div>
  )
}

const MOST = 32

export function newPart(id: number): PartDraft {
  return { id, name: `part ${id + 1}`, query: "", share: 50 }
}

interface QueryProps {
  part: PartDraft
  told: string | null
  total: number | undefined
  onQuery: (query: string) => void
}

/** The query of a part; it is asked for when it is left. */
function QueryOf({ part, told, total, onQuery }: QueryProps) {
  const [typed, setTyped] = useState(part.query)
  return (
    <label className="flex min-w-0 flex-col gap-1">
      <span className="truncate text-sm text-muted">
        Its traces{" "}
        {told ? <span className="text-bad">{told}</span> : total !== undefined && <>· {count(total)}</>}
      </span>
      <input
        maxLength={2000}
        autoComplete="off"
        spellCheck={false}
        placeholder="all, or: source:gsm8k verdict:right"
        aria-invalid={told !== null}
        className="field font-mono text-sm aria-invalid:border-bad"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={() => onQuery(typed.trim())}
      />
    </label>
  )
}
