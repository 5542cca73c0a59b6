import { type FormEvent, useState } from "react"
import { configOf, fieldsOf } from "@/features/tasks/config"
import type { Draw, Generator } from "@/features/tasks/queries"
import { Labelled } from "@/ui/Labelled"
import { OptionFields } from "@/ui/OptionFields"
import { type Draft, draftOf } from "@/ui/options"
import { Refused } from "@/ui/Refused"

interface Props {
  generator: Generator
  draw: Draw
  onDraw: (draw: Draw) => void
}

/** Which tasks: the config, the seed, the side of the wall. What is chosen here is what is shown. */
export function DrawForm({ generator, draw, onDraw }: Props) {
  const fields = fieldsOf(generator)
  const [draft, setDraft] = useState<Draft>(() => draftOf(fields, draw.config))
  const [seed, setSeed] = useState(String(draw.seed))
  const [unfinished, setUnfinished] = useState("")
  const draws = (now: Draft, split = draw.split): void => {
    const config = configOf(fields, now)
    setUnfinished(typeof config === "string" ? config : "")
    if (typeof config === "string") return
    const next = { config, seed: Math.max(0, Math.floor(Number(seed)) || 0), split }
    if (JSON.stringify(next) !== JSON.stringify(draw)) onDraw(next)
  }
  /** What is ticked is drawn at once, what is typed when it is left. */
  const change = (next: Draft): void => {
    setDraft(next)
    if (Object.entries(next).some(([name, value]) => typeof value !== "string" && draft[name] !== value))
      draws(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    draws(draft)
  }
  return (
    <form
      aria-label="Which tasks"
      onSubmit={submit}
      onBlur={() => draws(draft)}
      className="flex flex-col gap-3"
    >
      <OptionFields fields={fields} draft={draft} onDraft={change} />
      <div className="grid grid-cols-2 gap-3">
        <Labelled label="Seed">
          <input
            type="number"
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            className="field"
            value={seed}
            onChange={(event) => setSeed(event.target.value)}
          />
        </Labelled>
        <Labelled label="Split">
          <select
            className="field"
            value={draw.split}
            onChange={(event) => draws(draft, event.target.value === "test" ? "test" : "train")}
          >
            <option value="train">train, to learn from</option>
            <option value="test">test, to measure on</option>
          </select>
        </Labelled>
      </div>
      <Refused error={unfinished} />
      <button type="submit" className="btn self-start">
        Show three
      </button>
    </form>
  )
}
