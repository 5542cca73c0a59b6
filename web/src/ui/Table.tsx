import type { ReactNode } from "react"

export interface Column<Row> {
  name: string
  cell: (row: Row) => ReactNode
  /** Numbers stand at the right. */
  right?: boolean
  /** Left out on a narrow screen. */
  wide?: boolean
}

interface Props<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
}

/** A plain table for lists that come in pages; it scrolls sideways in its own region. */
export function Table<Row>({ label, rows, columns, keyOf }: Props<Row>) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className="w-full">
        <thead>
          <tr className="border-b border-line text-sm text-muted">
            {columns.map((column) => (
              <th key={column.name} scope="col" className={looks(column)}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line hover:bg-hover">
              {columns.map((column) => (
                <td key={column.name} className={looks(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function looks<Row>(column: Column<Row>): string {
  const side = column.right ? "text-right tabular-nums" : ""
  return `cell last:pr-0 ${side} ${column.wide ? "hidden md:table-cell" : ""}`
}
