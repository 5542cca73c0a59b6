import { useState } from "react"
import { author, setAuthor } from "@/features/traces/marks"
import { SaidList } from "@/features/traces/SaidList"
import { LabelButtons, NoteForm, TagAndScore } from "@/features/traces/Saying"
import type { Said } from "@/features/traces/said"
import { count } from "@/ui/words"

interface Props {
  said: Said
  noting: boolean
  onNote: (open: boolean) => void
}

/** What people say of the trace as a whole, who says it, and what was said before. */
export function SaidPanel({ said, noting, onNote }: Props) {
  const [name, setName] = useState(author)
  const now = said.of(null)
  return (
    <section className="mb-5 flex flex-col gap-2.5">
      <h2 className="font-semibold">What people say</h2>
      <LabelButtons said={said} place={null} />
      <SaidList
        label="Said of the trace"
        said={now.filter((one) => one.kind !== "label")}
        onTakeBack={said.takeBack}
      />
      <TagAndScore said={said} />
      {noting ? (
        <NoteForm said={said} place={null} onClose={() => onNote(false)} />
      ) : (
        <button type="button" className="btn self-start" onClick={() => onNote(true)}>
          Add note <kbd className="kbd">n</kbd>
        </button>
      )}
      {said.error && (
        <p role="alert" className="text-sm text-bad">
          {said.error.message}
        </p>
      )}
      <label className="flex items-center gap-2 text-sm text-muted">
        You are
        <input
          className="field min-w-0 flex-1 text-fg"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onBlur={() => setAuthor(name)}
        />
      </label>
      {said.history.length > 0 && (
        <details className="text-sm">
          <summary className="text-muted">{count(said.history.length)} said before</summary>
          <div className="mt-2">
            <SaidList label="Said before" said={said.history.toReversed()} />
          </div>
        </details>
      )}
    </section>
  )
}
