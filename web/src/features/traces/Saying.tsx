import { type FormEvent, type KeyboardEvent, useState } from "react"
import { LABELS } from "@/features/traces/filter"
import type { Place, Said } from "@/features/traces/said"
import { wordFor } from "@/ui/Badge"

interface Props {
  said: Said
  place: Place
}

/** Good, neutral, bad: once more on the same takes it back. */
export function LabelButtons({ said, place }: Props) {
  const current = said.of(place).find((one) => one.kind === "label")?.name
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">
        {place === null ? "Label of the trace" : `Label of step ${place + 1}`}
      </legend>
      {LABELS.map((name, index) => (
        <button
          key={name}
          type="button"
          className="btn"
          aria-pressed={current === name}
          onClick={() => said.label(place, name)}
        >
          {wordFor(name)} <kbd className="kbd">{index + 1}</kbd>
        </button>
      ))}
    </fieldset>
  )
}

/** A note on a trace or a step; Ctrl+Enter keeps it, Escape does not. */
export function NoteForm({ said, place, onClose }: Props & { onClose: () => void }) {
  const [text, setText] = useState("")
  const keep = (event?: FormEvent): void => {
    event?.preventDefault()
    if (!text.trim()) return
    said.say({ kind: "note", text: text.trim(), step: place, name: "" })
    onClose()
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep()
    if (event.key === "Escape") onClose()
  }
  return (
    <form onSubmit={keep} className="flex flex-col gap-2">
      <textarea
        // biome-ignore lint/a11y/noAutofocus: it opens because somebody asked to write
        autoFocus
        aria-label={place === null ? "Note on the trace" : `Note on step ${place + 1}`}
        className="field min-h-20 w-full py-1"
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
      />
      <div className="flex gap-2">
        <button type="submit" className="btn" disabled={!text.trim()}>
          Keep note
        </button>
        <button type="button" className="btn" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  )
}

/** A tag, or a score with a value: one line each. */
export function TagAndScore({ said }: { said: Said }) {
  const [tag, setTag] = useState("")
  const [score, setScore] = useState("")
  const value = Number(score)
  const onTag = (event: FormEvent): void => {
    event.preventDefault()
    if (!tag.trim()) return
    said.say({ kind: "tag", name: tag.trim() })
    setTag("")
  }
  const onScore = (event: FormEvent): void => {
    event.preventDefault()
    if (score.trim() === "" || !Number.isFinite(value)) return
    said.say({ kind: "score", value, name: "" })
    setScore("")
  }
  return (
    <div className="grid grid-cols-2 gap-2">
      <form onSubmit={onTag} className="flex gap-1">
        <input
          aria-label="New tag"
          placeholder="Tag"
          className="field w-full min-w-0"
          maxLength={64}
          value={tag}
          onChange={(event) => setTag(event.target.value)}
        />
        <button type="submit" className="btn" aria-label="Add tag" disabled={!tag.trim()}>
          Add
        </button>
      </form>
      <form onSubmit={onScore} className="flex gap-1">
        <input
          aria-label="New score"
          placeholder="Score"
          inputMode="decimal"
          className="field w-full min-w-0"
          value={score}
          onChange={(event) => setScore(event.target.value)}
        />
        <button
          type="submit"
          className="btn"
          aria-label="Set score"
          disabled={score.trim() === "" || !Number.isFinite(value)}
        >
          Set
        </button>
      </form>
    </div>
  )
}
