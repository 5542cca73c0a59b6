import type { ReactNode } from "react"

/** A control of a form under its name. */
export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className="flex min-w-0 flex-col gap-1">
      <span className="text-sm text-muted">{label}</span>
      {children}
    </label>
  )
}
