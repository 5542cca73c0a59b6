import { useBlocker } from "@tanstack/react-router"
import { useEffect } from "react"
import type { Sent } from "@/features/intake/sending"
import { bytes, count, percent } from "@/ui/words"

interface Props {
  sent: Sent
  size: number
  stop: () => void
}

/** How far an import is. Who goes away meanwhile is asked first, and then nothing more is sent. */
export function Sending({ sent, size, stop }: Props) {
  const share = size > 0 ? Math.min(1, sent.read / size) : 0
  useBlocker({
    shouldBlockFn: () => !window.confirm("The import is not done. Stop it? What was stored stays."),
    enableBeforeUnload: true,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the page is left
  useEffect(() => stop, [])
  return (
    <div className="flex max-w-2xl flex-col gap-2">
      <progress aria-label="Sent" className="h-1.5 w-full" value={share} max={1} />
      <p role="status" className="tabular-nums">
        {percent(share)} of {bytes(size)}: {count(sent.added)} added, {count(sent.known)} known already,{" "}
        {count(sent.rejected)} refused
      </p>
      <button type="button" className="btn self-start" onClick={stop}>
        Stop
      </button>
    </div>
  )
}
