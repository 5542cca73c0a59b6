import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { useBlocker } from "@tanstack/react-router"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { formats } from "@/features/intake/queries"
import { Report } from "@/features/intake/Report"
import { NOTHING, type Sent, send, wasStopped } from "@/features/intake/sending"
import { Failure } from "@/ui/Failure"
import { bytes, count, percent } from "@/ui/words"

type State =
  | { step: "asking" }
  | { step: "sending"; sent: Sent; size: number }
  | { step: "done"; sent: Sent; source: string; stopped: boolean }
  | { step: "failed"; sent: Sent; error: unknown }

/** A file of this computer, or lines that are pasted; sent part by part, and it can be stopped. */
export function Upload() {
  const queries = useQueryClient()
  const { data: known } = useSuspenseQuery(formats)
  const [file, setFile] = useState<File | null>(null)
  const [pasted, setPasted] = useState("")
  const [source, setSource] = useState("")
  const [format, setFormat] = useState("jsonl")
  const [state, setState] = useState<State>({ step: "asking" })
  const picker = useRef<HTMLInputElement>(null)
  const control = useRef<AbortController>(null)
  const stop = (): void => control.current?.abort()
  useLeaving(state.step === "sending", stop)
  const content: Blob | null = file ?? (pasted.trim() ? new Blob([pasted]) : null)
  const named = source.trim() || file?.name.slice(0, 200) || "pasted"

  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!content) return
    control.current = new AbortController()
    const { signal } = control.current
    let last = NOTHING
    const onSent = (sent: Sent): void => {
      last = sent
      setState({ step: "sending", sent, size: content.size })
    }
    onSent(NOTHING)
    try {
      const sent = await send({ file: content, source: named, format, signal, onSent })
      setState({ step: "done", sent, source: named, stopped: false })
    } catch (error) {
      if (wasStopped(error)) setState({ step: "done", sent: last, source: named, stopped: true })
      else setState({ step: "failed", sent: last, error })
    }
    void queries.invalidateQueries({ queryKey: ["traces"] })
  }

  if (state.step === "sending") return <Progress sent={state.sent} size={state.size} stop={stop} />
  return (
    <>
      {state.step === "done" && <Report sent={state.sent} source={state.source} stopped={state.stopped} />}
      {state.step === "failed" && (
        <>
          <Failure title="The import broke off" error={state.error} />
          <p className="mb-4 px-4">
            {count(state.sent.added)} traces were stored before that. Send the file again: what is stored
            already is not stored twice.
          </p>
        </>
      )}
      <form onSubmit={(event) => void start(event)} className="flex max-w-2xl flex-col gap-4">
        <div
          role="group"
          aria-label="File"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            setFile(event.dataTransfer.files[0] ?? null)
          }}
          className="flex flex-wrap items-center gap-3 rounded-lg border border-dashed border-edge p-4"
        >
          <input
            ref={picker}
            type="file"
            aria-label="File with a record a line"
            accept=".jsonl,.ndjson,.json,.txt,.gz"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
          <button type="button" className="btn" onClick={() => picker.current?.click()}>
            Choose a file
          </button>
          <span className="min-w-0 break-words text-muted">
            {file ? `${file.name}, ${bytes(file.size)}` : "or drop it here: a record a line, gzip or not"}
          </span>
          {file && (
            <button type="button" className="link px-1" onClick={() => setFile(null)}>
              Remove
            </button>
          )}
        </div>
        {!file && (
          <label className="flex flex-col gap-1">
            <span className="text-sm text-muted">or paste lines</span>
            <textarea
              className="field min-h-32 py-1 font-mono text-sm"
              spellCheck={false}
              value={pasted}
              onChange={(event) => setPasted(event.target.value)}
            />
          </label>
        )}
        <div className="grid gap-3 sm:grid-cols-2">
          <label className="flex min-w-0 flex-col gap-1">
            <span className="text-sm text-muted">Source, a name to find them by</span>
            <input
              className="field"
              maxLength={200}
              placeholder={named}
              value={source}
              onChange={(event) => setSource(event.target.value)}
            />
          </label>
          <label className="flex min-w-0 flex-col gap-1">
            <span className="text-sm text-muted">Format</span>
            <select className="field" value={format} onChange={(event) => setFormat(event.target.value)}>
              {known.map((one) => (
                <option key={one.name}>{one.name}</option>
              ))}
            </select>
            <span className="text-sm text-muted">{known.find((one) => one.name === format)?.summary}</span>
          </label>
        </div>
        <button type="submit" className="btn self-start" disabled={!content}>
          Import
        </button>
      </form>
    </>
  )
}

/** Who goes away while lines are sent is asked first, and then nothing more is sent. */
function useLeaving(sending: boolean, stop: () => void): void {
  useBlocker({
    shouldBlockFn: () => !window.confirm("The import is not done. Stop it? What was stored stays."),
    enableBeforeUnload: sending,
    disabled: !sending,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the page is left
  useEffect(() => stop, [])
}

function Progress({ sent, size, stop }: { sent: Sent; size: number; stop: () => void }) {
  const share = size > 0 ? Math.min(1, sent.read / size) : 0
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
