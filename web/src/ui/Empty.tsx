import type { ReactNode } from "react"

/** Nothing to show. "Nothing yet" and "nothing found" are different titles: say which. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="mx-auto max-w-lg p-10 text-center">
      <p className="text-md font-semibold">{title}</p>
      <div className="mt-2 text-muted">{children}</div>
    </div>
  )
}

/** A line to type in a terminal. */
export function Command({ children }: { children: string }) {
  return (
    <code className="mt-2 block rounded-md bg-sunken px-3 py-2 text-left font-mono text-sm break-words whitespace-pre-wrap text-fg">
      {children}
    </code>
  )
}
