import type { SuiteItem } from "@/features/tasks/queries"
import { Facts, Json } from "@/ui/Facts"

const COLUMNS =
  "grid gap-3 px-3 grid-cols-[40px_minmax(0,1fr)_88px] md:grid-cols-[40px_minmax(0,1fr)_140px_140px]"

/** The problems of a suite in their order; each opens to the whole of it. */
export function SuiteItems({ items }: { items: readonly SuiteItem[] }) {
  return (
    <>
      <div aria-hidden className={`${COLUMNS} border border-transparent pb-1 text-sm text-muted`}>
        <span>#</span>
        <span>Prompt</span>
        <span className="hidden md:block">Verifier</span>
        <span>Expected</span>
      </div>
      <ul aria-label="Items" className="card divide-y divide-line">
        {items.map((item) => (
          <li key={item.position}>
            <details>
              <summary className={`${COLUMNS} min-h-9 items-center hover:bg-hover`}>
                <span className="text-sm text-muted tabular-nums">{item.position + 1}</span>
                <span className="truncate">{item.prompt}</span>
                <span className="hidden truncate text-sm text-muted md:block">{verifier(item)}</span>
                <span className="truncate font-mono text-sm">{item.expected}</span>
              </summary>
              <div className="flex flex-col gap-3 bg-sunken p-4">
                <p className="text-md break-words whitespace-pre-wrap">{item.prompt}</p>
                <Facts
                  facts={[
                    [
                      "Expected",
                      <span key="expected" className="whitespace-pre-wrap">
                        {item.expected}
                      </span>,
                    ],
                    ["Verifier", verifier(item)],
                    ["Family", item.family],
                    ["Key", item.key],
                  ]}
                />
                {item.data && <Json label={`What the verifier of ${item.key} is told`} value={item.data} />}
              </div>
            </details>
          </li>
        ))}
      </ul>
    </>
  )
}

function verifier(item: SuiteItem): string {
  return item.verifier || "as the answer asks for"
}
