import { useQuery } from "@tanstack/react-query"
import { type Judgement, judges } from "@/features/judges/queries"
import { Badge, Mark } from "@/ui/Badge"
import { Problem } from "@/ui/Problem"

interface Props {
  trace: string
  onStep: (index: number) => void
}

/** What models say of a trace, apart from the verdicts: no score or dataset takes it for one. */
export function JudgesSay({ trace, onStep }: Props) {
  const said = useQuery(judges.said(trace))
  const all = said.data?.judgements ?? []
  if (all.length === 0) return <Problem error={said.error} />
  return (
    <section aria-label="Judges" className="mt-5 rounded-lg border border-dashed border-edge bg-sunken p-3">
      <h2 className="font-semibold">What judges say</h2>
      <p className="mb-2 text-sm text-muted">Models asked by a rubric. None of it is a verdict.</p>
      <ul className="flex flex-col gap-3 text-sm">
        {all.map((one) => (
          <li key={one.judge}>
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-mono break-all">{one.judge}</span>
              <span className="text-muted">{one.subject === "steps" ? "on the steps" : "on the answer"}</span>
              <Badge value={one.outcome} />
              {one.step !== null && <Step index={one.step} onStep={onStep} />}
            </p>
            <p className="mt-0.5 break-words whitespace-pre-wrap">{one.reason}</p>
            <Votes votes={one.votes} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The first wrong step a model names may be one that does not exist. */
function Step({ index, onStep }: { index: number; onStep: (index: number) => void }) {
  return (
    <button type="button" className="link" onClick={() => onStep(index)}>
      step {index + 1}
    </button>
  )
}

function Votes({ votes }: { votes: Judgement["votes"] }) {
  return (
    <details className="mt-1">
      <summary className="text-muted">
        {votes.length} {votes.length === 1 ? "vote" : "votes"}, as the model wrote
      </summary>
      <ul className="mt-1 flex flex-col gap-2">
        {votes.map((one) => (
          <li key={one.vote} className="border-l-2 border-line pl-2">
            <Mark value={one.outcome} />{" "}
            <span className="font-mono break-words whitespace-pre-wrap">{one.said}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
