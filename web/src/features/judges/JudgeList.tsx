import { Link } from "@tanstack/react-router"
import type { Judge } from "@/features/judges/queries"
import { Badge } from "@/ui/Badge"
import { Facts } from "@/ui/Facts"
import { count, moment } from "@/ui/words"

const OUTCOMES = ["right", "wrong", "undecided"] as const

/** Judges, newest first: what each is asked, by which model, and how often it said what. */
export function JudgeList({ judges }: { judges: readonly Judge[] }) {
  return (
    <ul aria-label="Judges" className="flex flex-col gap-3">
      {judges.map((judge) => (
        <li key={judge.id} className="card p-4">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <h3 className="font-mono font-semibold break-all">{judge.id}</h3>
            <span className="flex flex-wrap items-center gap-3 text-sm tabular-nums">
              {OUTCOMES.map((outcome) => (
                <span key={outcome} className="flex items-center gap-1">
                  <Badge value={outcome} /> {count(judge.votes[outcome])}
                </span>
              ))}
              <span className="text-muted">
                votes on {count(judge.traces)} {judge.traces === 1 ? "trace" : "traces"}
              </span>
            </span>
            <Link
              to="/court"
              search={{
                first: `judge:${judge.id}`,
                second: "current",
                ...(judge.rubric.subject === "steps" ? { subject: "steps" } : {}),
              }}
              className="btn ml-auto"
            >
              Hold a court
            </Link>
          </div>
          <p className="mt-2 max-w-3xl break-words whitespace-pre-wrap">{judge.rubric.question.trim()}</p>
          <div className="mt-3">
            <Facts
              facts={[
                ["Judges", judge.rubric.subject === "steps" ? "the steps" : "the answer"],
                ["Model", modelOf(judge)],
                ["Sampling", sampling(judge)],
                ["Expected answer", judge.rubric.show_expected ? "the judge is told" : "not told"],
                ["First asked", moment(judge.created_at)],
              ]}
            />
          </div>
        </li>
      ))}
    </ul>
  )
}

function modelOf({ provider, provider_config }: Judge): string {
  const { model } = provider_config
  return typeof model === "string" && model ? `${model} by ${provider}` : provider
}

function sampling({ temperature, seed, max_new_tokens }: Judge): string {
  return `temperature ${temperature}, seed ${seed}, at most ${count(max_new_tokens)} tokens`
}
