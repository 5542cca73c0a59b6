import { Link } from "@tanstack/react-router"
import { memo, type ReactNode, useMemo } from "react"
import { align, changes, type Row } from "@/features/traces/align"
import { Changed } from "@/features/traces/Changed"
import { type JudgedStep, judge } from "@/features/traces/judged"
import type { Comparison, Verdicts } from "@/features/traces/queries"
import { Badge } from "@/ui/Badge"
import { count, shortId } from "@/ui/words"

type Side = Comparison["base"]

interface Props {
  pair: Comparison
  verdicts: readonly [Verdicts | undefined, Verdicts | undefined]
  /** The row stood on, or -1. */
  current: number
  onlyChanges: boolean
  rows: readonly Row[]
}

/** The rows of a comparison; the page walks over them, so it asks for them first. */
export function rowsOf(pair: Comparison): Row[] {
  const contents = (side: Side) => side.payload.steps.map((step) => step.content)
  return align(contents(pair.base), contents(pair.other))
}

/** Two traces, step beside step. */
export function Pair({ pair, verdicts, current, onlyChanges, rows }: Props) {
  const steps = useMemo(
    () =>
      [judge(pair.base.payload.steps, verdicts[0]), judge(pair.other.payload.steps, verdicts[1])] as const,
    [pair, verdicts],
  )
  const first = rows.findIndex((row) => !row.same)
  const prompts = pair.base.payload.prompt === pair.other.payload.prompt
  return (
    <div>
      <div className="sticky top-0 z-10 grid gap-2 md:grid-cols-2 md:gap-4 border-b border-line bg-bg px-4 py-2">
        <Head side={pair.base} letter="A" outcome={verdicts[0]?.answer?.outcome} />
        <Head side={pair.other} letter="B" outcome={verdicts[1]?.answer?.outcome} />
      </div>
      <div className="flex flex-col gap-2 p-4">
        <p role="status" className="text-sm">
          {first < 0
            ? "Every step is the same."
            : `They part at row ${first + 1}${first === 0 ? "" : `, after ${count(first)} equal ${first === 1 ? "step" : "steps"}`}.`}
        </p>
        {(!prompts || !onlyChanges) && (
          <Both title="Prompt" a={pair.base.payload.prompt} b={pair.other.payload.prompt} />
        )}
        <ol aria-label="Steps side by side" className="flex flex-col gap-2">
          {rows.map((row, index) =>
            onlyChanges && row.same ? null : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <li key={index} id={`row-${index}`} className="scroll-mt-16">
                {index === first && (
                  <p className="mb-1 flex items-center gap-2 text-sm font-medium text-warn">
                    <span aria-hidden>≠</span> First difference
                  </p>
                )}
                <Steps
                  a={row.a === null ? null : (steps[0][row.a] ?? null)}
                  b={row.b === null ? null : (steps[1][row.b] ?? null)}
                  row={row}
                  current={index === current}
                />
              </li>
            ),
          )}
        </ol>
        <Both title="Final answer" a={pair.base.payload.final_answer} b={pair.other.payload.final_answer} />
      </div>
    </div>
  )
}

function Head(props: { side: Side; letter: string; outcome: string | undefined }) {
  const { side } = props
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <span className="font-semibold">{props.letter}</span>
      <Link to="/traces/$id" params={{ id: side.id }} className="link font-mono text-sm">
        {shortId(side.id)}
      </Link>
      <Badge value={props.outcome ?? null} />
      <span className="text-sm text-muted">
        {count(side.payload.steps.length)} steps, shape {side.score.toFixed(1)}
      </span>
    </div>
  )
}

function Both({ title, a, b }: { title: string; a: string; b: string }) {
  const [left, right] = useMemo(() => changes(a, b), [a, b])
  return (
    <section>
      <h2 className="mb-1 text-xs font-semibold text-muted">{title}</h2>
      {a === b ? (
        <div className="card bg-sunken p-3">
          <Changed pieces={left} side="a" />
        </div>
      ) : (
        <div className="grid gap-2 md:grid-cols-2 md:gap-4">
          <div className="card bg-sunken p-3">
            <Changed pieces={left} side="a" />
          </div>
          <div className="card bg-sunken p-3">
            <Changed pieces={right} side="b" />
          </div>
        </div>
      )}
    </section>
  )
}

interface StepsProps {
  a: JudgedStep | null
  b: JudgedStep | null
  row: Row
  current: boolean
}

const Steps = memo(function Steps({ a, b, row, current }: StepsProps) {
  const [left, right] = useMemo(
    () => changes(a?.step.content ?? "", b?.step.content ?? ""),
    [a?.step.content, b?.step.content],
  )
  return (
    <div
      data-current={current || undefined}
      className="grid gap-2 md:grid-cols-2 md:gap-4 rounded-lg data-current:ring-2 data-current:ring-accent [contain-intrinsic-size:auto_110px] [content-visibility:auto]"
    >
      <Cell letter="A" step={a} at={row.a}>
        <Changed pieces={b ? left : left.map((piece) => ({ ...piece, changed: false }))} side="a" />
      </Cell>
      <Cell letter="B" step={b} at={row.b}>
        <Changed pieces={a ? right : right.map((piece) => ({ ...piece, changed: false }))} side="b" />
      </Cell>
    </div>
  )
})

interface CellProps {
  letter: string
  step: JudgedStep | null
  at: number | null
  children: ReactNode
}

function Cell(props: CellProps) {
  const { step, at } = props
  if (!step || at === null)
    return (
      <div className="flex items-center justify-center rounded-lg border border-dashed border-line p-3 text-sm text-muted">
        <span className="mr-1 md:hidden">{props.letter}: </span>no such step
      </div>
    )
  return (
    <div className={`rounded-lg border p-3 ${step.outcome === "wrong" ? "border-bad" : "border-line"}`}>
      <p className="mb-1 flex items-center gap-2 text-sm">
        <span className="md:hidden">{props.letter}</span>
        <span className="font-semibold">Step {at + 1}</span>
        <span className="rounded border border-line px-1.5 text-xs">{step.step.type}</span>
        {step.outcome && <Badge value={step.outcome} />}
      </p>
      {props.children}
    </div>
  )
}
