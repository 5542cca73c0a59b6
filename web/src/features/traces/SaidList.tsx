import type { Annotation } from "@/features/traces/marks"
import { Badge } from "@/ui/Badge"
import { moment, number } from "@/ui/words"

interface Props {
  label: string
  said: readonly Annotation[]
  /** Not for what was said before, nor for a deleted trace. */
  onTakeBack?: ((id: string) => void) | undefined
}

/** Labels, tags, scores and notes, each with who said it and when. */
export function SaidList({ label, said, onTakeBack }: Props) {
  if (said.length === 0) return null
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5 text-sm">
      {said.map((one) => (
        <li key={one.id} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <What said={one} />
            <p className="text-xs text-muted">
              {one.step !== null && one.ended_at && `step ${one.step + 1}, `}
              {one.author}, <time dateTime={one.created_at}>{moment(one.created_at)}</time>
              {one.ended_at && ` until ${moment(one.ended_at)}`}
            </p>
          </div>
          {onTakeBack && (
            <button
              type="button"
              className="min-h-6 min-w-6 rounded text-muted hover:bg-hover hover:text-fg"
              aria-label={`Take back the ${one.kind}${one.name ? ` ${one.name}` : ""}`}
              onClick={() => onTakeBack(one.id)}
            >
              ✕
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function What({ said }: { said: Annotation }) {
  switch (said.kind) {
    case "label":
      return <Badge value={said.name} />
    case "tag":
      return <span className="rounded border border-line px-1.5 text-xs break-words">{said.name}</span>
    case "score":
      return (
        <span>
          {said.name || "score"}{" "}
          <span className="font-medium tabular-nums">{said.value === null ? "–" : number(said.value)}</span>
        </span>
      )
    default:
      return <p className="break-words whitespace-pre-wrap">{said.text}</p>
  }
}
