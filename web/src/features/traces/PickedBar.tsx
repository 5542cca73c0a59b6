import { Link } from "@tanstack/react-router"
import { type FormEvent, lazy, Suspense, useState } from "react"
import { LABELS } from "@/features/traces/filter"
import { deleteTraces, type Mark, restoreTraces, sayOfMany, useAct } from "@/features/traces/marks"
import { wordFor } from "@/ui/Badge"
import { useKeys } from "@/ui/keys"
import { count } from "@/ui/words"

const PurgeDialog = lazy(() => import("@/features/traces/PurgeDialog"))

interface Props {
  ids: readonly string[]
  /** The list shows deleted traces: they can come back, or go for ever. */
  deleted: boolean
  onClear: () => void
  onDeleted: (ids: readonly string[]) => void
  onSaid: (said: string) => void
}

/** What can be done with the traces that are picked. */
export function PickedBar({ ids, deleted, onClear, onDeleted, onSaid }: Props) {
  const [purging, setPurging] = useState(false)
  const say = useAct(
    (mark: Mark) => sayOfMany(ids, mark),
    ({ changed }, mark) =>
      onSaid(`${many(changed)} ${mark.kind === "tag" ? "tagged" : "labelled"} ${mark.name}.`),
  )
  const away = useAct(
    () => deleteTraces(ids),
    () => onDeleted(ids),
  )
  const back = useAct(
    () => restoreTraces(ids),
    ({ changed }) => {
      onClear()
      onSaid(`${many(changed)} restored.`)
    },
  )
  const [a, b] = ids
  useKeys({ Escape: onClear })
  const failed = say.error ?? away.error ?? back.error
  const busy = say.isPending || away.isPending || back.isPending
  return (
    <div
      role="region"
      aria-label="Picked traces"
      className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-sunken px-4 py-2"
    >
      <span className="mr-2 font-medium tabular-nums">{count(ids.length)} picked</span>
      {deleted ? (
        <>
          <button type="button" className="btn bg-bg" disabled={busy} onClick={() => back.mutate()}>
            Restore
          </button>
          <button type="button" className="btn btn-bad bg-bg" onClick={() => setPurging(true)}>
            Purge…
          </button>
        </>
      ) : (
        <>
          {LABELS.map((name) => (
            <button
              key={name}
              type="button"
              className="btn bg-bg"
              onClick={() => say.mutate({ kind: "label", name })}
            >
              {wordFor(name)}
            </button>
          ))}
          <TagForm busy={busy} onTag={(name) => say.mutate({ kind: "tag", name })} />
          {a && b && ids.length === 2 && (
            <Link to="/traces/compare" search={{ a, b }} className="btn bg-bg">
              Compare
            </Link>
          )}
          <button type="button" className="btn btn-bad bg-bg" disabled={busy} onClick={() => away.mutate()}>
            Delete
          </button>
        </>
      )}
      <button type="button" className="link ml-auto px-1" onClick={onClear}>
        Pick none
      </button>
      {failed && (
        <p role="alert" className="basis-full text-sm text-bad">
          {failed.message}
        </p>
      )}
      {purging && (
        <Suspense fallback={null}>
          <PurgeDialog
            ids={ids}
            onClose={(purged) => {
              setPurging(false)
              if (purged) onClear()
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

function TagForm({ busy, onTag }: { busy: boolean; onTag: (name: string) => void }) {
  const [name, setName] = useState("")
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!name.trim()) return
    onTag(name.trim())
    setName("")
  }
  return (
    <form onSubmit={submit} className="flex gap-1">
      <input
        aria-label="Tag"
        placeholder="Tag"
        className="field w-28"
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="btn bg-bg" disabled={busy || !name.trim()}>
        Add tag
      </button>
    </form>
  )
}

function many(n: number): string {
  return `${count(n)} ${n === 1 ? "trace" : "traces"}`
}
