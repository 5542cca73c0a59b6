import type { ReactNode } from "react"

interface Props {
  /** The plain title, for the browser's tab. */
  title: string
  /** The title as drawn, where it is more than words. */
  heading?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A page: its title, its actions, its content. The content scrolls; the header stays. */
export function Page({ title, heading, actions, children }: Props) {
  return (
    <>
      <title>{`${title} · Tunix RT`}</title>
      <header className="flex min-h-12 shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-1.5">
        <h1 className="min-w-0 truncate text-md font-semibold">{heading ?? title}</h1>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </>
  )
}

/** The scrolling content of a page which has no list of its own that scrolls. */
export function Body({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  )
}

/** A titled part of a page. */
export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-6 first:mt-0">
      <h2 className="mb-2 font-semibold">
        {title} {note && <span className="font-normal text-muted">{note}</span>}
      </h2>
      {children}
    </section>
  )
}
