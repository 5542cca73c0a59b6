import { type Cell, type Report, WORDS, type Word } from "@/features/court/queries"
import { says } from "@/features/court/words"
import { wordFor } from "@/ui/Badge"
import { count } from "@/ui/words"

interface Props {
  report: Report
  /** The cell whose cases are shown. */
  chosen: { first?: Word; second?: Word }
  onChoose: (first: Word, second: Word) => void
}

/** How many cases got which pair of words; a cell chooses its cases. */
export function Confusion({ report, chosen, onChoose }: Props) {
  const { cells, first, second } = report
  const rows = WORDS.filter((word) => cells.some((cell) => cell.first === word))
  const columns = WORDS.filter((word) => cells.some((cell) => cell.second === word))
  const name = (word: Word): string => (word === "none" ? "Says nothing" : wordFor(word))
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Confusion">
      <p className="pb-1 text-sm text-muted">
        Rows: what {first} says. Columns: what {second} says.
      </p>
      <table className="text-sm">
        <thead>
          <tr>
            <td />
            {columns.map((word) => (
              <th key={word} scope="col" className="px-2 py-1 text-right">
                {name(word)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row" className="pr-3">
                {name(row)}
              </th>
              {columns.map((column) => (
                <td key={column} className="p-0.5">
                  <Count
                    cell={cells.find((one) => one.first === row && one.second === column)}
                    label={`${first} ${says(row)}, ${second} ${says(column)}`}
                    alike={row === column}
                    on={chosen.first === row && chosen.second === column}
                    onChoose={() => onChoose(row, column)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface CountProps {
  cell: Cell | undefined
  label: string
  alike: boolean
  on: boolean
  onChoose: () => void
}

function Count({ cell, label, alike, on, onChoose }: CountProps) {
  const look = "flex min-h-11 w-full min-w-22 flex-col items-end justify-center rounded-md px-2 tabular-nums"
  if (!cell) return <span className={`${look} text-muted`}>0</span>
  const ruled = cell.ruled_right + cell.ruled_wrong + cell.ruled_undecided
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onChoose}
      className={`${look} border ${alike ? "bg-sunken" : "bg-warn-bg"} ${on ? "border-accent ring-1 ring-accent" : "border-line hover:border-edge"}`}
    >
      <span className="sr-only">{label}:</span>
      <span className="text-base font-semibold">{count(cell.cases)}</span>
      <span className="text-xs text-muted">{ruled > 0 ? `${count(ruled)} ruled` : "none ruled"}</span>
    </button>
  )
}
