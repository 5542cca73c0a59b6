import { useEffect, useRef } from "react"
import { useKeys } from "@/ui/keys"

interface Props {
  children: string
  onUndo: () => void
  /** The time to change one's mind is over. */
  onEnd: () => void
}

const SECONDS = 10

/** What was just done, and for ten seconds the way back. It waits while somebody is on it. */
export function Undo({ children, onUndo, onEnd }: Props) {
  const ended = useRef(onEnd)
  ended.current = onEnd
  const timer = useRef(0)
  const start = (): void => {
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => ended.current(), SECONDS * 1000)
  }
  const hold = (): void => clearTimeout(timer.current)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time begins once
  useEffect(() => {
    start()
    return hold
  }, [])
  useKeys({ u: onUndo })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only to hold the time while somebody is on it
    <div
      onMouseEnter={hold}
      onMouseLeave={start}
      onFocus={hold}
      onBlur={start}
      className="fixed bottom-4 left-1/2 z-30 flex -translate-x-1/2 items-center gap-3 rounded-lg border border-edge bg-raised px-4 py-2 shadow-lg"
    >
      <span role="status">{children}</span>
      <button type="button" className="btn" onClick={onUndo}>
        Undo <kbd className="kbd">u</kbd>
      </button>
    </div>
  )
}
