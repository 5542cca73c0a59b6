import { KINDS, type Kind, type Line, NAMES } from "@/features/tune/space"

const SAID: Record<Kind, string> = {
  loguniform: "number, by magnitude",
  uniform: "number",
  randint: "whole number",
  choice: "one of",
}

interface Props {
  lines: readonly Line[]
  onLines: (lines: Line[]) => void
}

/** What is searched, one name a line. */
export function SpaceLines({ lines, onLines }: Props) {
  const set = (id: number, change: Partial<Line>): void =>
    onLines(lines.map((line) => (line.id === id ? { ...line, ...change } : line)))
  const add = (): void => {
    const id = Math.max(0, ...lines.map((line) => line.id)) + 1
    onLines([...lines, { id, name: "", kind: "uniform", min: "", max: "", values: "" }])
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 font-semibold">What is searched</legend>
      <datalist id="searched-names">
        {NAMES.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {lines.map((line, index) => (
        <div key={line.id} role="group" aria-label={`Line ${index + 1}`} className="flex flex-wrap gap-2">
          <input
            aria-label="Name"
            placeholder="learning_rate"
            list="searched-names"
            className="field w-44 font-mono text-sm"
            value={line.name}
            onChange={(event) => set(line.id, { name: event.target.value })}
          />
          <select
            aria-label="Kind"
            className="field"
            value={line.kind}
            onChange={(event) => set(line.id, { kind: event.target.value as Kind })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {SAID[kind]}
              </option>
            ))}
          </select>
          {line.kind === "choice" ? (
            <input
              aria-label="Values"
              placeholder="8, 16, 32"
              className="field w-56"
              value={line.values}
              onChange={(event) => set(line.id, { values: event.target.value })}
            />
          ) : (
            <>
              <input
                aria-label="From"
                placeholder="from"
                inputMode="decimal"
                className="field w-26"
                value={line.min}
                onChange={(event) => set(line.id, { min: event.target.value })}
              />
              <input
                aria-label="To"
                placeholder="to"
                inputMode="decimal"
                className="field w-26"
                value={line.max}
                onChange={(event) => set(line.id, { max: event.target.value })}
              />
            </>
          )}
          <button
            type="button"
            className="btn"
            aria-label={`Remove line ${index + 1}`}
            onClick={() => onLines(lines.filter((other) => other.id !== line.id))}
          >
            ✕
          </button>
        </div>
      ))}
      <button type="button" className="btn self-start" onClick={add}>
        Add a line
      </button>
    </fieldset>
  )
}
