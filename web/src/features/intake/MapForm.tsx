import { type Mapping, PARTS, type Part } from "@/features/intake/mapping"

interface Props {
  columns: readonly string[]
  mapping: Mapping
  onMapping: (mapping: Mapping) => void
}

/** Which column is which part of a trace, and which of the others are kept. */
export function MapForm({ columns, mapping, onMapping }: Props) {
  const parts = Object.entries(PARTS) as [Part, string][]
  const used = new Set(parts.map(([part]) => mapping[part]))
  const others = columns.filter((column) => !used.has(column))
  const keep = (column: string, on: boolean): void =>
    onMapping({
      ...mapping,
      kept: on ? [...mapping.kept, column] : mapping.kept.filter((one) => one !== column),
    })
  return (
    <fieldset className="card flex flex-col gap-3 p-4">
      <legend className="px-1 font-semibold">Which column is which</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {parts.map(([part, said]) => (
          <label key={part} className="flex min-w-0 flex-col gap-1">
            <span className="text-sm text-muted">{said}</span>
            <select
              className="field font-mono text-sm"
              value={mapping[part]}
              onChange={({ target }) =>
                onMapping({
                  ...mapping,
                  [part]: target.value,
                  kept: mapping.kept.filter((one) => one !== target.value),
                })
              }
            >
              <option value="">–</option>
              {columns.map((column) => (
                <option key={column}>{column}</option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {others.length > 0 && (
        <fieldset className="max-h-40 overflow-auto" tabIndex={0}>
          <legend className="text-sm text-muted">Kept in the meta of the trace</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {others.map((column) => (
              <label key={column} className="flex min-h-6 items-center gap-1.5 font-mono text-sm break-all">
                <input
                  type="checkbox"
                  checked={mapping.kept.includes(column)}
                  onChange={({ target }) => keep(column, target.checked)}
                />
                {column}
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </fieldset>
  )
}
