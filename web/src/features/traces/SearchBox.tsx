import { useQuery } from "@tanstack/react-query"
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { type Completion, completions } from "@/features/traces/completing"
import { traces } from "@/features/traces/queries"
import { useKeys } from "@/ui/keys"
import { gapAt } from "@/ui/query"

interface Props {
  value: string
  /** The server refused the query; what it says stands beneath under this id. */
  refusal: string | undefined
  onSearch: (text: string) => void
}

/** The box of the query language: it offers fields and values, and asks on Enter. */
export function SearchBox({ value, refusal, onSearch }: Props) {
  const [text, setText] = useState(value)
  const [caret, setCaret] = useState(value.length)
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const list = useId()
  const everything = useQuery({ ...traces.facets({}), enabled: open })
  useEffect(() => setText(value), [value])
  useKeys({ "/": () => input.current?.focus() })
  const gap = gapAt(text, Math.min(caret, text.length))
  const offers = open ? completions(gap, everything.data) : []
  const shown = offers.length > 0
  const ask = (wanted: string): void => {
    setOpen(false)
    if (wanted.trim() !== value) onSearch(wanted.trim())
  }
  const take = (offer: Completion): void => {
    if (!gap) return
    const next = text.slice(0, gap.start) + offer.put + text.slice(gap.end).replace(/^ /, "")
    const at = gap.start + offer.put.length
    // At once: the next key may be on its way, and must find the caret where it belongs.
    flushSync(() => {
      setText(next)
      setCaret(at)
      setChosen(-1)
      setOpen(!offer.put.endsWith(" "))
    })
    input.current?.focus()
    input.current?.setSelectionRange(at, at)
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const offer = offers[chosen]
    if (by && !open) setOpen(true)
    else if (by && shown) setChosen((old) => (Math.max(old, -by - 1) + by + offers.length) % offers.length)
    else if ((event.key === "Enter" || event.key === "Tab") && offer) take(offer)
    else if (event.key === "Escape" && shown) setOpen(false)
    else if (event.key === "Escape") input.current?.blur()
    else return
    event.preventDefault()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    ask(text)
  }
  return (
    <form role="search" onSubmit={submit} className="relative min-w-0 grow basis-60">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Search traces"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-activedescendant={chosen >= 0 && shown ? `${list}-${chosen}` : undefined}
        aria-invalid={refusal !== undefined}
        aria-describedby={refusal}
        placeholder='Search: apples "half as many" verdict:wrong steps:>5'
        className="field w-full font-mono text-sm aria-invalid:border-bad"
        autoComplete="off"
        spellCheck={false}
        value={text}
        maxLength={2000}
        onChange={(event) => {
          setText(event.target.value)
          setCaret(event.target.selectionStart ?? event.target.value.length)
          setChosen(-1)
          setOpen(true)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKey}
        onClick={() => setOpen(true)}
        onBlur={() => ask(text)}
      />
      {shown && (
        <div
          id={list}
          role="listbox"
          aria-label="Completions"
          className="absolute top-full left-0 z-30 mt-1 max-h-80 w-full max-w-xl overflow-auto rounded-md border border-line bg-raised p-1 shadow-lg"
        >
          {offers.map((offer, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus and handles the keys
            <div
              key={offer.put}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
              className="flex min-h-7 cursor-default items-center gap-4 rounded px-2 hover:bg-hover aria-selected:bg-sel"
            >
              <span className="truncate font-mono text-sm">{offer.shown}</span>
              <span className="ml-auto truncate text-sm text-muted">{offer.note}</span>
            </div>
          ))}
        </div>
      )}
    </form>
  )
}
