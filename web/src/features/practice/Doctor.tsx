import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { outcomeOf, SIGNS } from "@/features/practice/practised"
import { type Finding, practice } from "@/features/practice/queries"
import { Shown } from "@/features/practice/Shown"
import { Badge } from "@/ui/Badge"
import { Failure } from "@/ui/Failure"
import { Section } from "@/ui/Page"
import { Skeleton } from "@/ui/Skeleton"
import { count, shortId } from "@/ui/words"

interface Props {
  id: string
  active: boolean
  /** What the run says of itself. */
  result: unknown
}

/** Whether practising does any good: what the model could before and after, and what looks wrong. */
export function Doctor({ id, active, result }: Props) {
  const { advice, before, after, stopped, best } = outcomeOf(result)
  return (
    <>
      {before && (
        <Section
          title={after ? "Before and after" : "Before"}
          note={`on ${count(before.problems)} held-out problems`}
        >
          {advice && <p className="mb-2">{advice}</p>}
          {stopped && (
            <p className="mb-2 text-warn">
              {stopped} {best !== null && `The weights are those of step ${count(best)}.`}
            </p>
          )}
          <Shown before={before} after={after} />
        </Section>
      )}
      <Findings id={id} active={active} />
    </>
  )
}

function Findings({ id, active }: { id: string; active: boolean }) {
  const { data, error, refetch } = useQuery({
    ...practice.doctor(id, active),
    placeholderData: keepPreviousData,
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  const { rounds, rollouts, findings } = data
  return (
    <Section title="Findings" note={`in ${count(rollouts)} rollouts of ${rounds} rounds`}>
      {findings.length > 0 ? (
        <ul aria-label="Findings" className="card divide-y divide-line">
          {findings.map((one) => (
            <Found key={`${one.sign} ${one.text}`} id={id} finding={one} />
          ))}
        </ul>
      ) : (
        <p className="text-muted">{nothing(rounds, active)}</p>
      )}
    </Section>
  )
}

function nothing(rounds: number, active: boolean): string {
  if (rounds > 0) return "Nothing looks wrong. That is a good sign, and no proof."
  return active ? "There is something to examine after the first round." : "It ended before its first round."
}

function Found({ id, finding }: { id: string; finding: Finding }) {
  const { harm, act } = SIGNS[finding.sign]
  return (
    <li className="grid grid-cols-[76px_minmax(0,1fr)] items-start gap-x-3 gap-y-1 px-3 py-2">
      <Badge value={harm} />
      <span className="min-w-0">
        <span className="break-words">{finding.text}</span>{" "}
        <span className="text-sm text-muted">
          {finding.sign.replaceAll("_", " ")},{" "}
          <Link
            to="/runs/$id"
            params={{ id }}
            search={{ tab: "rollouts", round: finding.last_round }}
            className="link"
          >
            {finding.first_round === finding.last_round
              ? `round ${finding.last_round}`
              : `rounds ${finding.first_round} to ${finding.last_round}`}
          </Link>
        </span>
      </span>
      <p className="col-start-2">{act}</p>
      {finding.trace_ids.length > 0 && (
        <p className="col-start-2 flex flex-wrap items-center gap-x-3 text-sm text-muted">
          Rollouts:
          {finding.trace_ids.map((trace) => (
            <Link
              key={trace}
              to="/traces/$id"
              params={{ id: trace }}
              className="link inline-flex min-h-6 items-center font-mono"
            >
              {shortId(trace)}
            </Link>
          ))}
        </p>
      )}
    </li>
  )
}
