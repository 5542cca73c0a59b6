import type { FunnelStage } from "@/features/curate/queries"
import { count } from "@/ui/words"

interface Reason {
  stage: string
  reason: string
}

interface Props {
  funnel: readonly FunnelStage[]
  /** How many traces came to the first stage. */
  from: number
  chosen?: Partial<Reason>
  /** Shows what was dropped for a reason. */
  onReason?: (reason: Reason) => void
}

/** Stage by stage how many came, how many were kept, and why the others were not. */
export function Funnel({ funnel, from, chosen = {}, onReason }: Props) {
  return (
    <ol aria-label="Funnel" className="card divide-y divide-line">
      {funnel.map((stage) => (
        <li
          key={stage.place}
          className="grid gap-x-4 gap-y-1 px-3 py-2 md:grid-cols-[168px_minmax(0,1fr)_minmax(0,1fr)]"
        >
          <span className="min-w-0">
            <span className="text-muted tabular-nums">{stage.place + 1}</span>{" "}
            <span className="font-medium">{stage.stage}</span>
          </span>
          <span className="flex min-w-0 flex-col gap-1">
            <Bar stage={stage} from={from} />
            <span className="text-sm tabular-nums">
              {count(stage.kept)} of {count(stage.came)} kept
              {stage.came > stage.kept && (
                <span className="text-muted">, {count(stage.came - stage.kept)} dropped</span>
              )}
            </span>
          </span>
          <ul
            aria-label={`Reasons of ${stage.stage}`}
            className="flex min-w-0 flex-wrap content-start gap-1 empty:hidden"
          >
            {stage.reasons.map((one) => (
              <li key={one.reason}>
                <ReasonButton
                  words={`${one.reason} ${count(one.traces)}`}
                  on={chosen.stage === stage.stage && chosen.reason === one.reason}
                  onChoose={onReason && (() => onReason({ stage: stage.stage, reason: one.reason }))}
                />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}

/** What came to a stage, of all that came; the darker part of it was kept. */
function Bar({ stage, from }: { stage: FunnelStage; from: number }) {
  const wide = (traces: number): number => (from > 0 ? (100 * traces) / from : 0)
  return (
    <svg
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden
      className="h-3 w-full rounded-sm bg-sunken"
    >
      <rect width={wide(stage.came)} height="10" className="fill-line" />
      <rect width={wide(stage.kept)} height="10" className="fill-accent" />
    </svg>
  )
}

interface ReasonProps {
  words: string
  on: boolean
  onChoose: (() => void) | undefined
}

function ReasonButton({ words, on, onChoose }: ReasonProps) {
  if (!onChoose) return <span className="text-sm text-muted">{words}</span>
  return (
    <button type="button" className="btn text-sm tabular-nums" aria-pressed={on} onClick={onChoose}>
      {words}
    </button>
  )
}
