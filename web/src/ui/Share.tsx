/** A share of 1 as a bar; the number stands beside it. */
export function Share({ value, quiet = false }: { value: number; quiet?: boolean }) {
  return (
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden className="h-2 w-full rounded-sm">
      <rect width="100" height="8" className="fill-line" />
      <rect
        width={100 * Math.min(1, Math.max(0, value))}
        height="8"
        className={quiet ? "fill-edge" : "fill-accent"}
      />
    </svg>
  )
}
