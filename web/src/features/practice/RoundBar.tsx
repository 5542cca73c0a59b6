import { useState } from "react"
import { count } from "@/ui/words"

interface Props {
  round: number
  newest: number
  /** Steps taken on the rollouts of a round. */
  iterations: number
  onRound: (round: number) => void
}

/** Goes from round to round; a round is counted from 0, as in traces and commands, a step from 1. */
export function RoundBar({ round, newest, iterations, onRound }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const first = round * iterations + 1
  const steps = iterations === 1 ? `step ${count(first)}` : `steps ${first} to ${first + iterations - 1}`
  return (
    <>
      <label className="flex items-center gap-2">
        Round
        <input
          type="number"
          min={0}
          max={newest}
          value={typed ?? round}
          className="field w-20 tabular-nums"
          onBlur={() => setTyped(null)}
          onChange={({ target }) => {
            const { validity, value, valueAsNumber } = target
            setTyped(value)
            if (validity.valid && Number.isInteger(valueAsNumber)) onRound(valueAsNumber)
          }}
        />
      </label>
      <span className="text-muted tabular-nums">
        of 0 to {count(newest)}, {steps}
      </span>
      <span className="flex gap-1">
        {round > 0 && (
          <button type="button" className="btn" onClick={() => onRound(round - 1)}>
            Earlier
          </button>
        )}
        {round < newest && (
          <>
            <button type="button" className="btn" onClick={() => onRound(round + 1)}>
              Later
            </button>
            <button type="button" className="btn" onClick={() => onRound(newest)}>
              Newest
            </button>
          </>
        )}
      </span>
    </>
  )
}
