import type { ReactNode } from "react"

/** Where this page hangs: the list it came from, then its own name. */
export function Crumbs({ list, children }: { list: ReactNode; children: ReactNode }) {
  return (
    <>
      <span className="font-normal text-muted">{list}</span> <span className="text-muted">/</span> {children}
    </>
  )
}
