interface Props {
  shown: number
  /** How many there are, where that is known. */
  total?: number
  busy: boolean
  onMore: (() => void) | null
}

/** The foot of a list that comes in pages. */
export function More({ shown, total, busy, onMore }: Props) {
  return (
    <div className="flex items-center gap-3 py-3 text-sm text-muted">
      <span role="status" className="tabular-nums">
        {shown.toLocaleString("en")} {total === undefined ? "shown" : `of ${total.toLocaleString("en")}`}
      </span>
      {onMore && (
        <button type="button" className="btn text-fg" disabled={busy} onClick={onMore}>
          {busy ? "Loading…" : "Show more"}
        </button>
      )}
    </div>
  )
}
