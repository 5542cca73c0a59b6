import { useId } from "react"
import {
  draftFor,
  fieldsFor,
  folderOf,
  lengthOf,
  type Recipe,
  typeInto,
  type Written,
  withFolder,
  withLength,
  write,
} from "@/features/train/recipe"
import { Labelled } from "@/ui/Labelled"
import { OptionFields } from "@/ui/OptionFields"

interface Props {
  schema: object
  recipe: Recipe
  written: Written
  onWritten: (written: Written) => void
  /** What a recipe calls the newest version of each model in the registry. */
  bases: string[]
}

/** The keys that people change most, each as a field; what is typed is in the text at once. */
export function RecipeFields({ schema, recipe, written, onWritten, bases }: Props) {
  const { typed } = written
  const fields = fieldsFor(schema, recipe)
  const draft = draftFor(fields, recipe, typed)
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <Length recipe={recipe} onRecipe={(next) => onWritten(write(next, typed))} />
      <Model
        bases={bases}
        folder={folderOf(recipe)}
        onFolder={(folder) => onWritten(write(withFolder(recipe, folder, schema), typed))}
      />
      <OptionFields
        fields={fields}
        draft={draft}
        onDraft={(next) => {
          const field = fields.find(({ name }) => next[name] !== draft[name])
          if (!field) return
          const now = { ...typed, [field.name]: next[field.name] ?? "" }
          onWritten(typeInto(recipe, field, now, schema))
        }}
      />
    </div>
  )
}

interface ModelProps {
  bases: string[]
  folder: string | null
  onFolder: (folder: string | null) => void
}

function Model({ bases, folder, onFolder }: ModelProps) {
  const known = useId()
  return (
    <>
      <Labelled label="model">
        <select
          className="field"
          value={folder === null ? "nano" : "folder"}
          onChange={({ target }) => onFolder(target.value === "nano" ? null : "")}
        >
          <option value="nano">nano, from nothing</option>
          <option value="folder">one that is there: of the registry, a folder, the hub</option>
        </select>
      </Labelled>
      {folder !== null && (
        <div className="grid sm:col-span-2">
          <Labelled label="model.path">
            <input
              required
              maxLength={4096}
              className="field font-mono text-sm"
              list={known}
              placeholder="registry:NAME, /models/gemma-3-270m or owner/name"
              value={folder}
              onChange={({ target }) => onFolder(target.value)}
            />
            <datalist id={known}>
              {bases.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </Labelled>
        </div>
      )}
    </>
  )
}

const LENGTHS = { steps: 1000, epochs: 1 } as const

function Length({ recipe, onRecipe }: { recipe: Recipe; onRecipe: (recipe: Recipe) => void }) {
  const { unit, value } = lengthOf(recipe)
  return (
    <div className="grid grid-cols-2 gap-3">
      <Labelled label="Counted in">
        <select
          className="field"
          value={unit}
          onChange={({ target }) => {
            const next = target.value === "steps" ? "steps" : "epochs"
            onRecipe(withLength(recipe, next, LENGTHS[next]))
          }}
        >
          <option value="steps">steps</option>
          <option value="epochs">epochs</option>
        </select>
      </Labelled>
      <Labelled label="How many">
        <input
          type="number"
          className="field"
          required={unit === "steps"}
          min={unit === "steps" ? 1 : undefined}
          step={unit === "steps" ? 1 : "any"}
          placeholder="1"
          value={value ?? ""}
          onChange={({ target }) => onRecipe(withLength(recipe, unit, numberOr(target.value)))}
        />
      </Labelled>
    </div>
  )
}

function numberOr(text: string): number | null {
  return text === "" ? null : Number(text)
}
