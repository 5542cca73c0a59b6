import { type FormEvent, useState } from "react"
import { type Purged, purgeTraces, useAct } from "@/features/traces/marks"
import { Dialog } from "@/ui/Dialog"
import { bytes, count } from "@/ui/words"

const WORD = "purge"

/** Removes deleted traces for ever: it asks for the word, and then says what was freed and what stays. */
export default function PurgeDialog({
  ids,
  onClose,
}: {
  ids: readonly string[]
  onClose: (purged: boolean) => void
}) {
  const [typed, setTyped] = useState("")
  const purge = useAct(() => purgeTraces(ids))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed.trim().toLowerCase() === WORD) purge.mutate()
  }
  const things = `${count(ids.length)} ${ids.length === 1 ? "trace" : "traces"}`
  return (
    <Dialog label="Purge traces" onClose={() => onClose(purge.data !== undefined)}>
      <div className="p-4">
        <h2 className="text-md font-semibold">Purge {things}</h2>
        {purge.data ? (
          <Report purged={purge.data} onClose={() => onClose(true)} />
        ) : (
          <form onSubmit={submit} className="mt-2 flex flex-col gap-3">
            <p>
              {ids.length === 1 ? "It is" : "They are"} removed for ever, with all that was said of{" "}
              {ids.length === 1 ? "it" : "them"}. A frozen dataset goes on holding its copy; you will be told
              which.
            </p>
            <label className="flex flex-col gap-1">
              <span>
                Type <kbd className="kbd">{WORD}</kbd> to go on
              </span>
              <input
                className="field"
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
            {purge.error && (
              <p role="alert" className="text-bad">
                {purge.error.message}
              </p>
            )}
            <div className="flex gap-2">
              <button
                type="submit"
                className="btn btn-bad"
                disabled={typed.trim().toLowerCase() !== WORD || purge.isPending}
              >
                Purge for ever
              </button>
              <button type="button" className="btn" onClick={() => onClose(false)}>
                {ids.length === 1 ? "Keep it" : "Keep them"}
              </button>
            </div>
          </form>
        )}
      </div>
    </Dialog>
  )
}

function Report({ purged, onClose }: { purged: Purged; onClose: () => void }) {
  const held = Object.entries(purged.datasets)
  return (
    <div className="mt-2 flex flex-col gap-3">
      <p role="status">
        {count(purged.purged)} {purged.purged === 1 ? "trace is" : "traces are"} gone;{" "}
        {bytes(purged.freed_bytes)} freed.
      </p>
      {held.length > 0 && (
        <div>
          <p>Frozen datasets go on holding a copy:</p>
          <ul className="mt-1 list-disc pl-5">
            {held.map(([key, n]) => (
              <li key={key}>
                <span className="font-mono">{key}</span> ({count(n)})
              </li>
            ))}
          </ul>
        </div>
      )}
      <button type="button" className="btn self-start" onClick={onClose}>
        Done
      </button>
    </div>
  )
}
