import { keepPreviousData, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { type FormEvent, useMemo, useRef, useState } from "react"
import { Give } from "@/features/intake/Give"
import { Looked } from "@/features/intake/Looked"
import { AUTO, contentOf, looking, MAPPED } from "@/features/intake/looking"
import { MapForm } from "@/features/intake/MapForm"
import { guessed, type Mapping, missing, pairs } from "@/features/intake/mapping"
import { formats } from "@/features/intake/queries"
import { Report } from "@/features/intake/Report"
import { Sending } from "@/features/intake/Sending"
import { NOTHING, type Sent, send, wasStopped } from "@/features/intake/sending"
import { Failure } from "@/ui/Failure"
import { count } from "@/ui/words"

type State =
  | { step: "asking" }
  | { step: "sending"; sent: Sent; size: number }
  | { step: "done"; sent: Sent; source: string; stopped: boolean }
  | { step: "failed"; sent: Sent; error: unknown }

const ASKING: State = { step: "asking" }

/** A file of this computer, or lines that are pasted; looked at first, sent part by part, and it can be stopped. */
export function Upload() {
  const queries = useQueryClient()
  const { data: known } = useSuspenseQuery(formats)
  const [given, setGiven] = useState<{ file: File | null; pasted: string }>({ file: null, pasted: "" })
  const [source, setSource] = useState("")
  const [format, setFormat] = useState<string>(AUTO)
  const [mended, setMended] = useState<Mapping | null>(null)
  const [state, setState] = useState<State>(ASKING)
  const control = useRef<AbortController>(null)
  const content = useMemo(() => contentOf(given.file, given.pasted), [given])
  const first = useQuery(looking(content, AUTO, []))
  const columns = first.data?.columns ?? []
  const mapping = format === MAPPED ? (mended ?? guessed(columns)) : null
  const lacks = mapping && missing(mapping)
  const map = mapping ? pairs(mapping) : []
  const asked = looking(content, format, map)
  const look = useQuery({ ...asked, enabled: content !== null && !lacks, placeholderData: keepPreviousData })
  const found = content && !lacks && !look.error ? look.data : undefined
  const ready = found && !look.isPlaceholderData && found.format !== null
  const named = source.trim() || given.file?.name.slice(0, 200) || "pasted"

  const choose = (next: string): void => {
    setFormat(next)
    setState(ASKING)
  }
  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!content || !ready || !found.format) return
    const file = content.blob
    control.current = new AbortController()
    const { signal } = control.current
    let last = NOTHING
    const onSent = (sent: Sent): void => {
      last = sent
      setState({ step: "sending", sent, size: file.size })
    }
    onSent(NOTHING)
    try {
      const sent = await send({ file, source: named, format: found.format, map, signal, onSent })
      setState({ step: "done", sent, source: named, stopped: false })
    } catch (error) {
      if (wasStopped(error)) setState({ step: "done", sent: last, source: named, stopped: true })
      else setState({ step: "failed", sent: last, error })
    }
    void queries.invalidateQueries({ queryKey: ["traces"] })
  }

  if (state.step === "sending")
    return <Sending sent={state.sent} size={state.size} stop={() => control.current?.abort()} />
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
        <Give
          file={given.file}
          pasted={given.pasted}
          onGive={(file, pasted) => {
            setGiven({ file, pasted })
            setMended(null)
            setState(ASKING)
          }}
        />
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
            <select className="field" value={format} onChange={(event) => choose(event.target.value)}>
              <option value={AUTO}>Recognise it</option>
              <option value={MAPPED}>Another: I say which column is which</option>
              {known.map((one) => (
                <option key={one.name}>{one.name}</option>
              ))}
            </select>
            <span className="text-sm text-muted">{known.find((one) => one.name === format)?.summary}</span>
          </label>
        </div>
        {mapping && columns.length > 0 && (
          <MapForm
            columns={columns}
            mapping={mapping}
            onMapping={(next) => {
              setMended(next)
              setState(ASKING)
            }}
          />
        )}
        {content && lacks && <p className="text-muted">{lacks}</p>}
        <button type="submit" className="btn self-start" disabled={!ready}>
          Import
        </button>
      </form>
      {content && look.error && <Failure title="This cannot be imported here" error={look.error} />}
      {found && found.format === null && format === AUTO && (
        <p className="mt-4">
          No format knows these records.{" "}
          <button type="button" className="link" onClick={() => choose(MAPPED)}>
            Say which column is which
          </button>
        </p>
      )}
      {found?.format && state.step !== "done" && <Looked look={found} />}
    </>
  )
}
