import { useQueries } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useDeferredValue, useEffect, useState } from "react"
import type { TraceFilter } from "@/features/traces/filter"
import type { Picked } from "@/features/traces/picking"
import { PAGE, type TraceRow, traces } from "@/features/traces/queries"
import { Badge } from "@/ui/Badge"
import { useBigList } from "@/ui/bigList"
import { Failure } from "@/ui/Failure"
import { useKeys } from "@/ui/keys"
import { count, day, moment, number } from "@/ui/words"

const ROW = 36
const GRID =
  "grid items-center gap-3 px-4 grid-cols-[16px_minmax(0,1fr)_92px] md:grid-cols-[16px_minmax(0,1fr)_88px_132px] lg:grid-cols-[16px_minmax(0,1fr)_88px_132px_76px_minmax(0,104px)_40px] xl:grid-cols-[16px_minmax(0,1fr)_88px_132px_76px_44px_minmax(0,104px)_40px_96px] 2xl:grid-cols-[16px_minmax(0,1fr)_104px_132px_76px_44px_minmax(0,124px)_minmax(0,140px)_40px_56px_96px]"
const COLUMNS = [
  ["Prompt", "truncate"],
  ["Answer", "truncate hidden md:block"],
  ["Verdict", "truncate"],
  ["Label", "truncate hidden lg:block"],
  ["Score", "text-right tabular-nums hidden xl:block"],
  ["Source", "truncate hidden lg:block text-muted"],
  ["Model", "truncate hidden 2xl:block text-muted"],
  ["Steps", "text-right tabular-nums hidden lg:block text-muted"],
  ["Chars", "text-right tabular-nums hidden 2xl:block text-muted"],
  ["Added", "truncate hidden xl:block text-muted"],
] as const

interface Props {
  filter: TraceFilter
  total: number
  /** The row to stand on, for example the one that was just read. */
  at: number
  picked: Picked
  onOpen: (id: string, at: number) => void
}

/** As many traces as there are, fetched by the page as they come into sight. */
export function TraceList({ filter, total, at, picked, onOpen }: Props) {
  const [current, setCurrent] = useState(Math.min(at, Math.max(0, total - 1)))
  const list = useBigList(total, ROW)
  const wanted = `${Math.floor(list.first / PAGE)}-${Math.floor(Math.max(0, list.last) / PAGE)}`
  const [from = 0, to = 0] = useDeferredValue(wanted).split("-").map(Number)
  const pages = useQueries({
    queries: Array.from({ length: Math.min(6, to - from + 1) }, (_, page) =>
      traces.page(filter, from + page),
    ),
  })
  const row = (index: number): TraceRow | undefined =>
    pages[Math.floor(index / PAGE) - from]?.data?.data[index % PAGE]
  const failed = pages.find((page) => page.error)
  const move = (by: number): void => {
    const next = Math.min(total - 1, Math.max(0, current + by))
    setCurrent(next)
    list.reveal(next)
  }
  const open = (): void => {
    const found = row(current)
    if (found) onOpen(found.id, current)
  }
  const pick = (index: number, reach: boolean): void => {
    const found = row(index)
    setCurrent(index)
    if (reach) void picked.reach(index)
    else if (found) picked.toggle(found.id, index)
  }
  useKeys({
    x: () => pick(current, false),
    X: () => pick(current, true),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(20),
    PageUp: () => move(-20),
    End: () => move(total),
    Home: () => move(-total),
    Enter: open,
    o: open,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, on arrival
  useEffect(() => list.reveal(current), [])
  if (failed?.error) return <Failure error={failed.error} retry={() => void failed.refetch()} />
  return (
    <div role="table" aria-label="Traces" aria-rowcount={total + 1} className="flex min-h-0 flex-1 flex-col">
      <div role="rowgroup" className="overflow-hidden [scrollbar-gutter:stable]">
        <div
          role="row"
          aria-rowindex={1}
          className={`${GRID} h-8 border-b border-line bg-sunken text-sm text-muted`}
        >
          <span role="columnheader">
            <span className="sr-only">Picked</span>
          </span>
          {COLUMNS.map(([name, looks]) => (
            <span key={name} role="columnheader" className={looks}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div
        ref={list.parent}
        role="rowgroup"
        aria-label="Trace rows"
        tabIndex={0}
        className="relative min-h-0 flex-1 overflow-auto [contain:strict] [scrollbar-gutter:stable] -outline-offset-2"
      >
        <div style={{ height: list.height }} />
        {Array.from({ length: Math.max(0, list.last - list.first + 1) }, (_, step) => list.first + step).map(
          (index) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              aria-current={index === current || undefined}
              style={{ transform: `translateY(${list.top(index)}px)`, height: ROW }}
              className={`${GRID} absolute inset-x-0 top-0 border-b border-line hover:bg-hover aria-[current=true]:bg-sel`}
            >
              <Cells
                trace={row(index)}
                filter={filter}
                at={index}
                picked={picked.ids.has(row(index)?.id ?? "")}
                onPick={pick}
              />
            </div>
          ),
        )}
      </div>
    </div>
  )
}

interface CellsProps {
  trace: TraceRow | undefined
  filter: TraceFilter
  at: number
  picked: boolean
  onPick: (at: number, reach: boolean) => void
}

function Cells({ trace, filter, at, picked, onPick }: CellsProps) {
  if (!trace) return <span role="cell" className="col-span-full h-3 rounded bg-hover" aria-label="Loading" />
  const values = [
    <Link
      key="prompt"
      to="/traces/$id"
      params={{ id: trace.id }}
      search={{ ...filter, at }}
      preload={false}
      onClick={(event) => {
        if (!event.shiftKey) return
        event.preventDefault()
        onPick(at, true)
      }}
      className="block truncate after:absolute after:inset-0 hover:underline"
    >
      {trace.prompt}
    </Link>,
    <span key="answer" className="font-mono text-sm">
      {trace.final_answer}
    </span>,
    <span key="verdict" className="flex items-center gap-1.5">
      <Badge value={trace.verdict} />
      {trace.first_error_step !== null && (
        <span className="hidden text-xs text-muted md:inline">step {trace.first_error_step + 1}</span>
      )}
    </span>,
    trace.label ? <Badge key="label" value={trace.label} /> : "–",
    trace.score === null ? "–" : number(trace.score),
    trace.source,
    trace.model ?? "–",
    count(trace.step_count),
    count(trace.total_chars),
    <time key="added" dateTime={trace.created_at} title={moment(trace.created_at)}>
      {day(trace.created_at)}
    </time>,
  ]
  return (
    <>
      <span role="cell" className="relative z-10 flex">
        <input
          type="checkbox"
          aria-label={`Pick row ${count(at + 1)}`}
          tabIndex={-1}
          className="size-4 before:absolute before:-inset-2.5"
          checked={picked}
          onChange={() => undefined}
          onClick={(event) => onPick(at, event.shiftKey)}
        />
      </span>
      {COLUMNS.map(([name, looks], index) => (
        <span key={name} role="cell" className={looks}>
          {values[index]}
        </span>
      ))}
    </>
  )
}
