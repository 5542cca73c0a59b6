import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import type { Case, Subject } from "@/features/court/queries"
import { Badge } from "@/ui/Badge"
import { shortId } from "@/ui/words"

interface Props {
  one: Case
  subject: Subject
  /** The names of the two witnesses. */
  first: string
  second: string
  current: boolean
  onChoose: () => void
  /** How to rule on it, on the case one stands on. */
  children?: ReactNode
}

const SHORT = 600

/** One case: what was asked, what was answered, what each witness says of it and why. */
export function CaseCard({ one, subject, first, second, current, onChoose, children }: Props) {
  const said = [
    [first, one.first],
    [second, one.second],
  ] as const
  return (
    <li
      id={`case-${one.trace_id}`}
      data-current={current || undefined}
      className="card p-4 data-current:ring-2 data-current:ring-accent"
    >
      <div className="mb-2 flex flex-wrap items-center gap-2 text-sm">
        <button type="button" className="font-semibold hover:underline" onClick={onChoose}>
          Case {shortId(one.trace_id)}
        </button>
        <span role="status" className="flex items-center gap-1">
          {one.ruling && (
            <>
              ruled <Badge value={one.ruling} />
            </>
          )}
        </span>
        <Link to="/traces/$id" params={{ id: one.trace_id }} className="link ml-auto">
          Whole trace
        </Link>
      </div>
      <Text>{one.prompt}</Text>
      <dl className="mt-3 grid gap-3 sm:grid-cols-2">
        <div className="min-w-0">
          <dt className="text-sm text-muted">Expected</dt>
          <dd className="font-mono break-words">{one.expected ?? <span className="text-muted">–</span>}</dd>
        </div>
        <div className="min-w-0">
          <dt className="text-sm text-muted">Given</dt>
          <dd className="font-mono">
            <Text>{one.final_answer}</Text>
          </dd>
        </div>
        {said.map(([name, testimony]) => (
          <div key={name} className="min-w-0 border-l-2 border-line pl-3">
            <dt className="flex flex-wrap items-center gap-2 text-sm">
              <span className="font-medium">{name}</span> <Badge value={testimony.outcome} />
              {subject === "steps" && testimony.step !== null && (
                <Link
                  to="/traces/$id"
                  params={{ id: one.trace_id }}
                  search={{ step: testimony.step + 1 }}
                  className="link"
                >
                  step {testimony.step + 1}
                </Link>
              )}
            </dt>
            <dd className="text-sm break-words text-muted">{testimony.reason}</dd>
          </div>
        ))}
      </dl>
      {children && <div className="mt-3 border-t border-line pt-3">{children}</div>}
    </li>
  )
}

/** A text as it was stored; the end of a long one is folded away. */
function Text({ children }: { children: string }) {
  const look = "break-words whitespace-pre-wrap"
  if (children.length <= SHORT) return <p className={look}>{children}</p>
  return (
    <details>
      <summary className={look}>{children.slice(0, SHORT)}…</summary>
      <p className={look}>{children.slice(SHORT)}</p>
    </details>
  )
}
