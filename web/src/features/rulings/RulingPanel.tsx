import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { type Ruling, rulings, useRule } from "@/features/rulings/queries"
import { Badge, wordFor } from "@/ui/Badge"
import { Problem } from "@/ui/Problem"
import { moment } from "@/ui/words"

interface Props {
  trace: string
  /** Who rules, as it is known when a button is pressed. */
  author: () => string
  onRuled: (ruled: Ruling) => void
}

const OUTCOMES = ["right", "wrong", "undecided"] as const

/** Who ruled what on this trace, and ruling on it: a person's word on its answer or its steps. */
export function RulingPanel({ trace, author, onRuled }: Props) {
  const found = useQuery(rulings(trace))
  const [subject, setSubject] = useState<Ruling["subject"]>("answer")
  const [note, setNote] = useState("")
  const rule = useRule((ruled) => {
    setNote("")
    onRuled(ruled)
  })
  const all = found.data?.rulings ?? []
  const counts = all.find((one) => one.subject === subject)
  return (
    <section aria-label="Rulings" className="mt-5">
      <h2 className="font-semibold">Rulings</h2>
      <p className="mb-2 text-sm text-muted">What a person says is true. Courts measure verifiers by it.</p>
      <div className="flex flex-wrap items-center gap-1">
        <select
          aria-label="Rule on"
          className="field basis-full"
          value={subject}
          onChange={({ target }) => setSubject(target.value === "steps" ? "steps" : "answer")}
        >
          <option value="answer">The answer is</option>
          <option value="steps">The steps are</option>
        </select>
        {OUTCOMES.map((outcome) => (
          <button
            key={outcome}
            type="button"
            className="btn"
            aria-pressed={counts?.outcome === outcome}
            onClick={() =>
              !rule.isPending && rule.mutate({ trace, subject, outcome, note: note.trim(), author: author() })
            }
          >
            {wordFor(outcome)}
          </button>
        ))}
      </div>
      <input
        aria-label="Note, kept with the ruling"
        placeholder="Note, kept with the ruling"
        className="field mt-1.5 w-full"
        maxLength={10_000}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      <Problem error={rule.error ?? found.error} />
      {all.length > 0 && (
        <ul aria-label="Rulings so far" className="mt-2 flex flex-col gap-2 text-sm">
          {all.map((one) => {
            const newest = one === all.find((other) => other.subject === one.subject)
            return (
              <li key={one.id}>
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-medium">{one.subject === "steps" ? "Steps" : "Answer"}</span>
                  <Badge value={one.outcome} />
                  {!newest && <span className="text-muted">ruled on again since</span>}
                </p>
                {one.note && <p className="break-words whitespace-pre-wrap">{one.note}</p>}
                <p className="text-xs text-muted">
                  {one.author || "somebody"}, <time dateTime={one.created_at}>{moment(one.created_at)}</time>
                </p>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
