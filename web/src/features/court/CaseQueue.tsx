import { useEffect, useRef, useState } from "react"
import { CaseCard } from "@/features/court/CaseCard"
import { type Case, OUTCOMES, type Outcome, type Subject } from "@/features/court/queries"
import { wordFor } from "@/ui/Badge"
import { useKeys } from "@/ui/keys"
import { Problem } from "@/ui/Problem"

interface Props {
  cases: readonly Case[]
  subject: Subject
  first: string
  second: string
  /** The trace whose case one stands on; without one it is the first. */
  at: string | undefined
  onAt: (trace: string) => void
  onRule: (trace: string, outcome: Outcome, note: string) => void
  busy: boolean
  error: Error | null
  /** Asks for more, where there are more. */
  onMore: (() => void) | null
}

/** Cases to rule on by key: 1 right, 2 wrong, 3 undecided, j and k to the next and the one before. */
export function CaseQueue({ cases, at, onAt, onRule, busy, error, onMore, ...card }: Props) {
  const [notes, setNotes] = useState<Readonly<Record<string, string>>>({})
  const note = useRef<HTMLTextAreaElement>(null)
  const place = Math.max(
    0,
    cases.findIndex((one) => one.trace_id === at),
  )
  const current = cases[place]
  const go = (to: number): void => {
    const next = cases[Math.max(0, Math.min(cases.length - 1, to))]
    if (next && next !== current) onAt(next.trace_id)
    if (to >= cases.length - 1) onMore?.()
  }
  const rule = (outcome: Outcome): void => {
    if (current && !busy) onRule(current.trace_id, outcome, (notes[current.trace_id] ?? "").trim())
  }
  useKeys({
    1: () => rule("right"),
    2: () => rule("wrong"),
    3: () => rule("undecided"),
    j: () => go(place + 1),
    k: () => go(place - 1),
    n: () => note.current?.focus(),
  })
  useEffect(() => {
    if (at) document.getElementById(`case-${at}`)?.scrollIntoView({ block: "nearest" })
  }, [at])
  return (
    <ol aria-label="Cases" className="flex max-w-3xl flex-col gap-3">
      {cases.map((one) => (
        <CaseCard
          key={one.trace_id}
          {...card}
          one={one}
          current={one === current}
          onChoose={() => onAt(one.trace_id)}
        >
          {one === current && (
            <div className="flex flex-col gap-2">
              <fieldset className="flex flex-wrap items-center gap-2">
                <legend className="sr-only">What is true of it</legend>
                {OUTCOMES.map((outcome, index) => (
                  <button
                    key={outcome}
                    type="button"
                    className="btn"
                    aria-pressed={one.ruling === outcome}
                    onClick={() => rule(outcome)}
                  >
                    {wordFor(outcome)} <kbd className="kbd">{index + 1}</kbd>
                  </button>
                ))}
                <button type="button" className="btn" onClick={() => go(place + 1)}>
                  Next <kbd className="kbd">j</kbd>
                </button>
              </fieldset>
              <label className="flex flex-col gap-1 text-sm text-muted">
                <span>
                  Note, kept with the ruling <kbd className="kbd">n</kbd>
                </span>
                <textarea
                  ref={note}
                  className="field min-h-12 py-1 text-base text-fg"
                  maxLength={10_000}
                  value={notes[one.trace_id] ?? ""}
                  onChange={({ target }) => setNotes((old) => ({ ...old, [one.trace_id]: target.value }))}
                  onKeyDown={({ key, currentTarget }) => key === "Escape" && currentTarget.blur()}
                />
              </label>
              <Problem error={error} />
            </div>
          )}
        </CaseCard>
      ))}
    </ol>
  )
}
