import { useEffect, useRef, useState } from "react"
import { followLog, type Line, type LiveState } from "@/api/live"
import { Log } from "@/ui/Log"

const KEPT = 20_000

/** The log of a run as it is written. Lines are gathered per frame; the oldest leave when there are too many. */
export function RunLog({ id, onEnd }: { id: string; onEnd: () => void }) {
  const kept = useRef<Line[]>([])
  const [lines, setLines] = useState<readonly Line[]>([])
  const [state, setState] = useState<LiveState>("connecting")
  const [message, setMessage] = useState<string | null>(null)
  const ended = useRef(onEnd)
  ended.current = onEnd
  useEffect(() => {
    kept.current = []
    setLines([])
    setMessage(null)
    let frame = 0
    const stop = followLog(id, {
      onState: setState,
      onLines: (added) => {
        kept.current.push(...added)
        if (kept.current.length > KEPT) kept.current.splice(0, kept.current.length - KEPT)
        frame ||= requestAnimationFrame(() => {
          frame = 0
          setLines([...kept.current])
        })
      },
      onEnd: (said) => {
        setMessage(said)
        ended.current()
      },
    })
    return () => {
      stop()
      cancelAnimationFrame(frame)
    }
  }, [id])
  return (
    <>
      <Log lines={lines} state={state} />
      {message && <p className="mt-1 text-sm text-bad">{message}</p>}
    </>
  )
}
