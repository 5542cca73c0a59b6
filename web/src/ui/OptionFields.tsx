import { Labelled } from "@/ui/Labelled"
import type { Draft, Field, Option } from "@/ui/options"

interface Props {
  fields: readonly Field[]
  draft: Draft
  onDraft: (draft: Draft) => void
}

/** One control for each option. */
export function OptionFields({ fields, draft, onDraft }: Props) {
  return fields.map((field) => (
    <Control
      key={field.name}
      field={field}
      value={draft[field.name] ?? ""}
      onValue={(value) => onDraft({ ...draft, [field.name]: value })}
    />
  ))
}

interface ControlProps {
  field: Field
  value: Draft[string]
  onValue: (value: Draft[string]) => void
}

function Control({ field, value, onValue }: ControlProps) {
  if (field.kind === "flag")
    return (
      <label>
        <span className="flex min-h-7 items-center gap-2">
          <input
            type="checkbox"
            className="shrink-0"
            checked={value === true}
            onChange={(event) => onValue(event.target.checked)}
          />
          {field.name}
        </span>
        <Note field={field} />
      </label>
    )
  if (field.kind === "many")
    return <Many name={field.name} options={field.options} chosen={value as string[]} onChosen={onValue} />
  const shared = {
    className: "field",
    value: String(value),
    onChange: (event: { target: { value: string } }) => onValue(event.target.value),
  }
  return (
    <Labelled label={labelOf(field)}>
      {field.kind === "one" && (
        <select {...shared}>
          {field.options.map((option) => (
            <option key={option.name}>{option.name}</option>
          ))}
        </select>
      )}
      {field.kind === "number" && (
        <input
          {...shared}
          type="number"
          min={field.min}
          max={field.max}
          step={field.step}
          placeholder={field.isOptional ? "not asked for" : undefined}
        />
      )}
      {field.kind === "text" && <input {...shared} maxLength={4096} />}
      {(field.kind === "json" || field.kind === "list") && (
        <textarea {...shared} rows={3} spellCheck={false} className="field py-1 font-mono text-sm" />
      )}
      <Note field={field} />
    </Labelled>
  )
}

function labelOf({ kind, name }: Field): string {
  if (kind === "json") return `${name}, as JSON`
  return kind === "list" ? `${name}, one on a line` : name
}

/** What the schema says of a field; every other part between backticks is code. */
function Note({ field }: { field: Field }) {
  if (!field.note) return null
  const parts = field.note.split("`").map((text, place) => ({ text, isCode: place % 2 === 1, place }))
  return (
    <span className="text-sm text-muted">
      {parts.map(({ text, isCode, place }) => (isCode ? <code key={place}>{text}</code> : text))}
    </span>
  )
}

interface ManyProps {
  name: string
  options: readonly Option[]
  chosen: readonly string[]
  onChosen: (chosen: string[]) => void
}

function Many({ name, options, chosen, onChosen }: ManyProps) {
  const pick = (option: string, on: boolean): void =>
    onChosen(on ? [...chosen, option] : chosen.filter((other) => other !== option))
  return (
    <fieldset className="min-w-0">
      <legend className="flex w-full flex-wrap items-center gap-2 pb-1 text-sm text-muted">
        {name}: {chosen.length} of {options.length}
        <button
          type="button"
          className="btn text-fg"
          onClick={() => onChosen(options.map((one) => one.name))}
        >
          All
        </button>
        <button type="button" className="btn text-fg" onClick={() => onChosen([])}>
          None
        </button>
      </legend>
      <div className="card grid max-h-64 gap-x-4 overflow-auto p-2 sm:grid-cols-2">
        {options.map((option) => (
          <label key={option.name} className="flex min-h-6 min-w-0 items-center gap-2">
            <input
              type="checkbox"
              checked={chosen.includes(option.name)}
              onChange={(event) => pick(option.name, event.target.checked)}
            />
            <span className="truncate">{option.name}</span>
            {option.note && <span className="text-xs whitespace-nowrap text-muted">{option.note}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
