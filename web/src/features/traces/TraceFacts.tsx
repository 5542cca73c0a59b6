import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { warningsOf } from "@/features/traces/judged"
import type { Trace, Verdicts } from "@/features/traces/queries"
import { WarningList } from "@/features/traces/WarningList"
import { Badge } from "@/ui/Badge"
import { Facts, Json, Short } from "@/ui/Facts"
import { term } from "@/ui/query"
import { count, moment } from "@/ui/words"

interface Props {
  trace: Trace
  verdicts: Verdicts | undefined
  /** What others than verifiers say of its truth. */
  besides?: ReactNode
  /** More about this trace, from other features. */
  children?: ReactNode
}

/** What is known about a trace: its verdicts with their reasons, where it came from, its meta. */
export function TraceFacts({ trace, verdicts, besides, children }: Props) {
  const meta = trace.payload.meta ?? {}
  const warnings = warningsOf(verdicts)
  const whole = warnings.filter((one) => one.step === null)
  return (
    <>
      {trace.deleted_at === null && <h2 className="mb-2 font-semibold">Verdicts</h2>}
      {verdicts && !verdicts.answer && !verdicts.steps && (
        <p className="text-sm text-muted">
          Not judged yet.{" "}
          <Link to="/verify" search={{ query: term("source", trace.source) }} className="link">
            Verify the traces of its source
          </Link>
          , or all with <code className="font-mono">tunix-rt verify run</code>.
        </p>
      )}
      <Judgement title="Answer" verdict={verdicts?.answer ?? null} />
      <Judgement title="Steps" verdict={verdicts?.steps ?? null} />
      {verdicts?.steps && verdicts.steps.claim_count > verdicts.steps.claims.length && (
        <p className="text-sm text-muted">
          {count(verdicts.steps.claims.length)} of {count(verdicts.steps.claim_count)} claims are kept and
          marked.
        </p>
      )}
      {warnings.length > 0 && (
        <>
          <h2 className="mt-5 font-semibold">Warnings</h2>
          <p className="text-sm text-muted">
            {count(warnings.length - whole.length)} on steps, {count(whole.length)} on the whole trace. None
            of them is a verdict.
          </p>
          <WarningList label="Warnings of the trace" warnings={whole} />
        </>
      )}
      {besides}
      <h2 className="mt-5 mb-2 font-semibold first:mt-0">Details</h2>
      <Facts
        facts={[
          ["Source", trace.source],
          ["Model", trace.model],
          ["Task", text(meta.task)],
          ["Family", text(meta.family)],
          ["Added", moment(trace.created_at)],
          ["Format", trace.trace_version],
          ["Content", <Short key="hash">{trace.content_hash}</Short>],
        ]}
      />
      {children}
      {Object.keys(meta).length > 0 && (
        <details className="mt-5">
          <summary className="font-semibold">Meta</summary>
          <div className="mt-2">
            <Json label="Meta of the trace" value={meta} />
          </div>
        </details>
      )}
    </>
  )
}

interface Verdict {
  outcome: string
  method: string
  version: string
  reason: string
  /** What the trace's source calls it, where it does. */
  label: boolean | null
}

function Judgement({ title, verdict }: { title: string; verdict: Verdict | null }) {
  if (!verdict) return null
  return (
    <div className="mb-3 text-sm">
      <p className="flex items-center gap-2">
        <span className="font-medium">{title}</span> <Badge value={verdict.outcome} />
        <span className="text-muted">
          {verdict.method} {verdict.version}
        </span>
      </p>
      <p className="mt-0.5 break-words">{verdict.reason}</p>
      {verdict.label !== null && (
        <p className="mt-0.5 text-muted">Its source calls it {verdict.label ? "right" : "wrong"}.</p>
      )}
    </div>
  )
}

function text(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null
}
