import type { Item } from "@/features/evaluate/queries"
import { Badge } from "@/ui/Badge"
import { Facts } from "@/ui/Facts"

interface Props {
  items: readonly Item[]
  /** The key of the item that is open. */
  opened: string | undefined
  onOpen: (key: string | undefined) => void
}

const COLUMNS =
  "grid items-center gap-3 px-3 grid-cols-[96px_minmax(0,1fr)] md:grid-cols-[96px_minmax(0,1fr)_120px_120px]"

/** What was asked and what came back, item by item; one can be open. */
export function ItemList({ items, opened, onOpen }: Props) {
  return (
    <>
      <div aria-hidden className={`${COLUMNS} border border-transparent pb-1 text-sm text-muted`}>
        <span>Outcome</span>
        <span>Prompt</span>
        <span className="hidden md:block">Said</span>
        <span className="hidden md:block">Expected</span>
      </div>
      <ul aria-label="Items" className="card divide-y divide-line">
        {items.map((item) => {
          const key = keyOf(item)
          const open = key === opened
          return (
            <li key={key}>
              <button
                type="button"
                aria-expanded={open}
                onClick={() => onOpen(open ? undefined : key)}
                className={`${COLUMNS} min-h-9 w-full text-left hover:bg-hover`}
              >
                <Badge value={item.outcome} />
                <span className="truncate">{item.prompt}</span>
                <span className="hidden truncate font-mono text-sm md:block">{item.answer ?? "–"}</span>
                <span className="hidden truncate font-mono text-sm text-muted md:block">{item.expected}</span>
              </button>
              {open && <Opened item={item} />}
            </li>
          )
        })}
      </ul>
    </>
  )
}

export function keyOf(item: Item): string {
  return `${item.item}#${item.sample}`
}

function Opened({ item }: { item: Item }) {
  return (
    <div className="grid gap-4 bg-sunken p-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <div className="min-w-0">
        <h3 className="text-xs font-semibold text-muted">Prompt</h3>
        <p className="mb-3 break-words whitespace-pre-wrap">{item.prompt}</p>
        <h3 className="text-xs font-semibold text-muted">Output</h3>
        <p className="font-mono text-sm break-words whitespace-pre-wrap">{item.output || "(nothing)"}</p>
      </div>
      <div>
        <Facts
          facts={[
            ["Said", item.answer ?? "no answer found"],
            ["Expected", item.expected],
            ["Reason", item.reason],
            ["Verifier", item.method],
            ["Family", item.family],
            ["Ended by", item.finish],
            ["Tokens", item.tokens],
            ["Item", item.item],
            ["Sample", item.sample > 0 ? item.sample + 1 : null],
          ]}
        />
      </div>
    </div>
  )
}
