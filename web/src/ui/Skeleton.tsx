/** The grey shape of what is being fetched. */
export function Skeleton({ rows = 10 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2 p-4">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="h-6 animate-pulse rounded bg-hover" />
      ))}
    </div>
  )
}
