import { Link } from "@tanstack/react-router"
import type { XrayRow, XraySpan } from "@/features/xray/queries"
import { Badge } from "@/ui/Badge"
import { count, number, shortId } from "@/ui/words"

const FATES = {
  trained: ["ok", "trained"],
  cut: ["warn", "cut"],
  too_long: ["bad", "too long"],
  left_out: ["plain", "left out"],
} as const
const TONES = { ok: "text-ok", warn: "text-warn", bad: "text-bad", plain: "text-muted" }

/** Rows part by part, as the model reads them: what is learned, what is only shown. */
export function XrayRows({ rows }: { rows: readonly XrayRow[] }) {
  return (
    <>
      <p className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <span className="taught-full">learned</span>
        <span className="taught-less">learned less</span>
        <span className="taught-not">shown, not learned</span>
      </p>
      <ol aria-label="Rows" className="flex flex-col gap-3">
        {rows.map((row) => (
          <li key={row.id} className="card min-w-0">
            <p className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5 text-sm">
              <Link to="/traces/$id" params={{ id: row.id }} className="link font-mono">
                {shortId(row.id)}
              </Link>
              <Badge value={row.verdict} />
              <span className={`font-medium ${TONES[FATES[row.fate][0]]}`}>{FATES[row.fate][1]}</span>
              <span className="text-muted tabular-nums">
                {count(row.length)} tokens, {count(row.trained)} learned, {count(row.given)} given
              </span>
            </p>
            <Parts row={row} />
          </li>
        ))}
      </ol>
    </>
  )
}

/** Every part on a line of its own: its kind and weight, then its text. */
function Parts({ row }: { row: XrayRow }) {
  const rest = row.length - row.ids.length
  return (
    <dl className="grid grid-cols-[76px_minmax(0,1fr)] gap-x-3 gap-y-0.5 px-3 py-2 md:grid-cols-[168px_minmax(0,1fr)]">
      {row.spans.map((span) => (
        <div key={span.start} className="contents">
          <dt className="text-xs leading-6 text-muted">
            {nameOf(span)}
            <span className="hidden md:inline"> · </span>
            <span className="block md:inline">{weightOf(span.weight)}</span>
          </dt>
          <dd className="min-w-0 text-md break-words whitespace-pre-wrap">
            <span
              className={taught(span.weight)}
              title={`${count(span.end - span.start)} tokens, ${weightOf(span.weight)}`}
            >
              {seen(row.tokens.slice(span.start, span.end).join(""))}
            </span>
          </dd>
        </div>
      ))}
      {rest > 0 && (
        <>
          <dt />
          <dd className="text-sm text-muted">and {count(rest)} tokens more</dd>
        </>
      )}
    </dl>
  )
}

function nameOf({ kind, step, step_type }: XraySpan): string {
  if (kind !== "step" || step === null) return kind
  return `step ${step + 1}${step_type ? ` · ${step_type}` : ""}`
}

function weightOf(weight: number): string {
  if (weight === 0) return "not learned"
  return weight === 1 ? "learned" : `weight ${number(weight)}`
}

function taught(weight: number): string {
  if (weight === 0) return "taught-not"
  return weight < 1 ? "taught-less" : "taught-full"
}

/** A part that is nothing but space would not be seen. */
function seen(text: string): string {
  return text.trim() === "" ? text.replaceAll("\n", "↵").replaceAll(" ", "␣") : text
}
