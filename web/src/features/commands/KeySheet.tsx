import { useState } from "react"
import { Dialog } from "@/ui/Dialog"
import { setShortcuts, shortcutsOn } from "@/ui/keys"

const SHEET: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    "Everywhere",
    [
      ["Ctrl K", "command palette"],
      ["g o, g t, g r …", "go to a page (the letters are in the menu)"],
      ["\\", "dark or light"],
      ["?", "this sheet"],
    ],
  ],
  [
    "Traces",
    [
      ["j k", "next, previous row"],
      ["Enter", "open the row"],
      ["/", "search: words and fields"],
      ["x", "pick the row, or let it go"],
      ["X", "pick all rows up to this one"],
      ["u", "undo, while it is offered"],
    ],
  ],
  [
    "A trace",
    [
      ["j k", "next, previous step"],
      ["J K", "next, previous trace of the list"],
      ["e", "the first step that is wrong"],
      ["w", "the next step with a warning"],
      ["1 2 3", "label it good, neutral, bad: the step, or the trace"],
      ["n", "write a note"],
      ["r", "as it was stored, or rendered"],
      ["Esc", "back to the list"],
    ],
  ],
  [
    "A court's cases",
    [
      ["j k", "next, previous case"],
      ["1 2 3", "rule: right, wrong, undecided"],
      ["n", "write a note"],
    ],
  ],
  ["Two traces", [["n p", "next, previous difference"]]],
]

/** Every key, and the switch that turns the single ones off. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(shortcutsOn)
  return (
    <Dialog label="Keyboard shortcuts" onClose={onClose}>
      <div className="p-4">
        <h2 className="text-md font-semibold">Keyboard shortcuts</h2>
        {SHEET.map(([title, keys]) => (
          <section key={title} className="mt-3">
            <h3 className="mb-1 font-medium text-muted">{title}</h3>
            <dl className="grid grid-cols-[120px_1fr] gap-y-1">
              {keys.map(([key, meaning]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="kbd">{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <label className="mt-4 flex items-center gap-2">
          <input
            type="checkbox"
            checked={on}
            onChange={(event) => {
              setOn(event.target.checked)
              setShortcuts(event.target.checked)
            }}
          />
          Single-key shortcuts
        </label>
      </div>
    </Dialog>
  )
}
