import type { ReactNode } from "react"

/** One large number, what it counts, and a note beneath. The whole of it may be a link. */
export function Figure({ name, value, note }: { name: string; value: ReactNode; note: ReactNode }) {
  return (
    <div className="card relative p-3 has-[a:hover]:bg-hover">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="text-xl font-semibold tabular-nums">{value}</dd>
      <dd className="text-xs text-muted">{note}</dd>
    </div>
  )
}
