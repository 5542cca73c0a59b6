import { useEffect, useRef, useState } from "react"
import type { Line, LiveState } from "@/api/live"
import { count } from "@/ui/words"

const ROW = 18
const VISIBLE = 28

interface Props {
  lines: readonly Line[]
  state: LiveState
}

const SAID: Record<LiveState, string> = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Connection lost, trying again…",
  ended: "Complete",
}

/** Log lines, drawn only where they can be seen. It follows the end until the reader scrolls up. */
export function Log({ lines, state }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [follow, setFollow] = useState(true)
  const total = lines.length
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = total * ROW
  }, [total, follow])
  const first = Math.max(0, Math.floor(top / ROW) - 5)
  const widest = Math.min(
    2000,
    Math.max(0, ...lines.slice(first, first + VISIBLE).map((line) => line.text.length)),
  )
  return (
    <div className="card">
      <div className="flex min-h-9 items-center gap-3 border-b border-line px-3 text-sm">
        <span role="status">{SAID[state]}</span>
        <span className="text-muted tabular-nums">
          {count(total)} {total === 1 ? "line" : "lines"}
        </span>
        <button
          type="button"
          aria-pressed={follow}
          className="btn ml-auto"
          onClick={() => setFollow(!follow)}
        >
          Follow
        </button>
      </div>
      <div
        ref={box}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Log"
        className="relative h-80 overflow-auto rounded-b-lg bg-sunken font-mono text-sm -outline-offset-2"
        onScroll={(event) => {
          const { scrollTop, clientHeight, scrollHeight } = event.currentTarget
          setTop(scrollTop)
          setFollow(scrollTop + clientHeight >= scrollHeight - ROW)
        }}
      >
        <div style={{ height: total * ROW, width: `${widest + 4}ch` }} />
        {lines.slice(first, first + VISIBLE).map((line, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the window
            key={first + index}
            className={`absolute top-0 left-0 px-3 whitespace-pre ${line.stream === "stderr" ? "text-warn" : ""}`}
            style={{ transform: `translateY(${(first + index) * ROW}px)`, lineHeight: `${ROW}px` }}
          >
            {line.text || " "}
          </div>
        ))}
      </div>
    </div>
  )
}
