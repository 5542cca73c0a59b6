import type { FormEvent } from "react"
import type { Rendering } from "@/features/xray/queries"
import { RenderingFields, readRendering } from "@/features/xray/RenderingFields"

interface Props {
  rendering: Rendering
  onLook: (rendering: Rendering) => void
  busy: boolean
}

/** Asks how rows look when they are rendered so. */
export function XrayForm({ rendering, onLook, busy }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onLook(readRendering(new FormData(event.currentTarget), rendering))
  }
  return (
    <form
      key={JSON.stringify(rendering)}
      aria-label="How rows are rendered"
      onSubmit={submit}
      className="card grid gap-3 p-3 sm:grid-cols-2 lg:grid-cols-4"
    >
      <RenderingFields rendering={rendering} />
      <button type="submit" className="btn self-end justify-self-start" disabled={busy}>
        {busy ? "Looking…" : "Look"}
      </button>
    </form>
  )
}
