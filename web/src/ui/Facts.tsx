import type { ReactNode } from "react"

/** Names and values; a value that is null is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid content-start grid-cols-[minmax(88px,auto)_1fr] gap-x-4 gap-y-1.5 text-sm">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** A long value such as a hash: its beginning, the whole of it on hover and when copied. */
export function Short({ children, length = 12 }: { children: string; length?: number }) {
  return (
    <span className="font-mono" title={children}>
      {children.length > length ? `${children.slice(0, length)}…` : children}
    </span>
  )
}

/** Any JSON, as it is, in a region that scrolls. */
export function Json({ label, value }: { label: string; value: unknown }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className="card max-h-96 overflow-auto bg-sunken p-3 font-mono text-sm"
    >
      {JSON.stringify(value, null, 2)}
    </pre>
  )
}
