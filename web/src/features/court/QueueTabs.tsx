import { QUEUES, type Which } from "@/features/court/queries"
import { says } from "@/features/court/words"

interface Props {
  which: Which
  first: string
  second: string
  onWhich: (which: Which) => void
}

const NAMES = {
  disagreements: ["Disagreements", "Two words, and nobody has ruled"],
  audit: ["Audit", "One word, and nobody has ruled: both may be wrong together"],
  ruled: ["Ruled", "What people have ruled on"],
  all: ["All", "Every case"],
} as const

/** Which cases are shown, and of which cell of the confusion. */
export function QueueTabs({ which, first, second, onWhich }: Props) {
  const { which: now = "disagreements", ...cell } = which
  const words = [
    cell.first && `${first} ${says(cell.first)}`,
    cell.second && `${second} ${says(cell.second)}`,
  ].filter(Boolean)
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Which cases</legend>
        {QUEUES.map((one) => (
          <button
            key={one}
            type="button"
            className="btn"
            title={NAMES[one][1]}
            aria-pressed={now === one}
            onClick={() => onWhich({ ...cell, which: one })}
          >
            {NAMES[one][0]}
          </button>
        ))}
      </fieldset>
      {words.length > 0 && (
        <button type="button" className="btn" onClick={() => onWhich({ which: now })}>
          {words.join(", ")} <span aria-hidden>✕</span>
          <span className="sr-only">: show all pairs of words</span>
        </button>
      )}
    </div>
  )
}
