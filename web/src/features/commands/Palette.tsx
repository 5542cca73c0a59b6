import { Autocomplete } from "@base-ui/react/autocomplete"
import { useState } from "react"
import { Dialog } from "@/ui/Dialog"

export interface Command {
  label: string
  note?: string
  act: () => void
}

interface Props {
  commands: readonly Command[]
  /** Commands that depend on what was typed: a search, an id that was pasted. */
  forText: (text: string) => Command[]
  onClose: () => void
}

/** Type to find a page, a run or an act. A chunk of its own, loaded on the first Ctrl+K. */
export default function Palette({ commands, forText, onClose }: Props) {
  const [text, setText] = useState("")
  const wanted = text.trim().toLowerCase()
  const found = commands.filter((command) => matches(command, wanted))
  return (
    <Dialog label="Command palette" onClose={onClose}>
      <Autocomplete.Root
        items={[...found, ...forText(text.trim())]}
        value={text}
        onValueChange={setText}
        itemToStringValue={(command) => command.label}
        filter={null}
        open
        inline
        autoHighlight="always"
      >
        <Autocomplete.Input
          aria-label="Search commands"
          placeholder="Type a page, a run, an id or words of a prompt"
          className="h-11 w-full border-b border-line bg-transparent px-4 text-md outline-none"
        />
        <Autocomplete.Empty className="text-muted">
          <p className="px-4 py-3 empty:hidden">{found.length === 0 && !wanted ? "Nothing to do." : null}</p>
        </Autocomplete.Empty>
        <Autocomplete.List className="max-h-80 overflow-auto p-1">
          {(command: Command) => (
            <Autocomplete.Item
              key={command.label + (command.note ?? "")}
              value={command}
              onClick={() => {
                onClose()
                command.act()
              }}
              className="flex h-8 cursor-default items-center justify-between gap-4 rounded-md px-3 data-highlighted:bg-sel"
            >
              <span className="truncate">{command.label}</span>
              {command.note && <span className="shrink-0 text-sm text-muted">{command.note}</span>}
            </Autocomplete.Item>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
    </Dialog>
  )
}

/** Every word typed is somewhere in the label or the note. */
function matches(command: Command, wanted: string): boolean {
  const text = `${command.label} ${command.note ?? ""}`.toLowerCase()
  return wanted.split(/\s+/).every((word) => text.includes(word))
}
