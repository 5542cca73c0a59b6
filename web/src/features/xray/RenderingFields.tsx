import { useId } from "react"
import { REASONING, type Rendering, TEMPLATES, TOO_LONG } from "@/features/xray/queries"
import { Labelled } from "@/ui/Labelled"

/** How rows are rendered, field by field: template, tokenizer, what is learned, and what fits. */
export function RenderingFields({ rendering }: { rendering: Rendering }) {
  const known = useId()
  const { masks } = rendering
  return (
    <>
      <Labelled label="Template">
        <input
          name="template"
          required
          maxLength={64}
          list={known}
          className="field"
          defaultValue={rendering.template}
        />
      </Labelled>
      <datalist id={known}>
        {TEMPLATES.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Labelled label="Tokenizer: a folder of the server">
        <input
          name="tokenizer"
          maxLength={4096}
          className="field font-mono text-sm"
          placeholder="built from the rows"
          defaultValue={rendering.tokenizer ?? ""}
        />
      </Labelled>
      <Labelled label="Size of a tokenizer that is built">
        <Quantity name="vocab_size" min={16} max={65_536} value={rendering.vocab_size} />
      </Labelled>
      <Labelled label="Instruction before the prompt">
        <textarea
          name="system"
          rows={1}
          maxLength={20_000}
          className="field py-1"
          placeholder="none"
          defaultValue={rendering.system ?? ""}
        />
      </Labelled>
      <Labelled label="Tokens of a row that fit">
        <Quantity name="max_seq_length" min={8} max={131_072} value={rendering.max_seq_length} />
      </Labelled>
      <Labelled label="Longer rows">
        <Choice name="too_long" words={TOO_LONG} value={rendering.too_long} />
      </Labelled>
      <Labelled label="The steps are">
        <Choice name="reasoning" words={REASONING} value={rendering.reasoning} />
      </Labelled>
      <Labelled label="A wrong step is">
        <Choice name="wrong" words={LEARNED} value={masks.wrong} />
      </Labelled>
      <Labelled label="Weight of an undecided step">
        <Quantity name="undecided" min={0} max={1} step="any" value={masks.undecided} />
      </Labelled>
      <Labelled label="After the first wrong step">
        <Choice name="after_error" words={AFTER} value={masks.after_error} />
      </Labelled>
      <Labelled label="A wrong answer is">
        <Choice name="wrong_answer" words={ANSWER} value={masks.wrong_answer} />
      </Labelled>
      <label className="flex min-h-7 items-center gap-2 self-end sm:col-span-2">
        <input type="checkbox" name="keep_corrections" defaultChecked={masks.keep_corrections} />
        an error that is put right ends nothing
      </label>
    </>
  )
}

const LEARNED = { train: "learned", mask: "shown, not learned" }
const AFTER = { train: "all is learned", mask: "nothing is learned" }
const ANSWER = { train: "learned", mask: "shown, not learned", drop: "no row at all" }

function Choice({ name, words, value }: { name: string; words: Record<string, string>; value: string }) {
  return (
    <select name={name} className="field" defaultValue={value}>
      {Object.entries(words).map(([one, said]) => (
        <option key={one} value={one}>
          {said}
        </option>
      ))}
    </select>
  )
}

interface QuantityProps {
  name: string
  min: number
  max: number
  step?: "any"
  value: number
}

function Quantity({ name, min, max, step, value }: QuantityProps) {
  return (
    <input
      name={name}
      type="number"
      required
      min={min}
      max={max}
      step={step ?? 1}
      className="field"
      defaultValue={value}
    />
  )
}

/** The rendering that a form with these fields holds; what has no field stays as it was. */
export function readRendering(form: FormData, before: Rendering): Rendering {
  const text = (name: string): string => String(form.get(name) ?? "").trim()
  return {
    ...before,
    template: text("template"),
    tokenizer: text("tokenizer") || null,
    vocab_size: +text("vocab_size"),
    system: text("system") || null,
    max_seq_length: +text("max_seq_length"),
    too_long: text("too_long") as Rendering["too_long"],
    reasoning: text("reasoning") as Rendering["reasoning"],
    masks: {
      wrong: text("wrong") as Rendering["masks"]["wrong"],
      undecided: +text("undecided"),
      after_error: text("after_error") as Rendering["masks"]["after_error"],
      wrong_answer: text("wrong_answer") as Rendering["masks"]["wrong_answer"],
      keep_corrections: form.has("keep_corrections"),
    },
  }
}
