/** A recipe as a form holds it: one text of JSON, and fields that are views of its keys. */
import { configOf, type Draft, draftOf, type Field, fieldsOf } from "@/ui/options"

export type Recipe = Record<string, unknown>

/** The text, and what was typed into fields since it was: also what no recipe can hold yet. */
export interface Written {
  text: string
  typed: Draft
}

/** The keys that people change most, by their path. */
const OFTEN = [
  "name",
  "template",
  "method",
  "adapters",
  "lora.rank",
  "lora.alpha",
  "optimizer.name",
  "optimizer.learning_rate",
  "batch_size",
  "max_seq_length",
  "too_long",
  "batching.layout",
  "precision",
  "device",
  "seed",
]

interface Schema {
  properties?: Record<string, Schema>
  $defs?: Record<string, Schema>
  $ref?: string
  default?: unknown
  enum?: unknown[]
  examples?: unknown[]
}

export function isRecord(value: unknown): value is Recipe {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function write(recipe: Recipe, typed: Draft = {}): Written {
  return { text: JSON.stringify(recipe, null, 2), typed }
}

/** The recipe of a text, or the sentence that says why it is none. */
export function read(text: string): Recipe | string {
  try {
    const found: unknown = JSON.parse(text)
    return isRecord(found) ? found : "A recipe has keys: write it between { and }."
  } catch (error) {
    return `The recipe is not JSON: ${(error as Error).message}`
  }
}

/** The recipe without any key of its own. */
export function usualRecipe(schema: Schema): Recipe {
  const keys = Object.entries(schema.properties ?? {})
  return Object.fromEntries(keys.map(([key, property]) => [key, property.default ?? null]))
}

/** Whether the method of a recipe looks at a key; of LoRA it does where small matrices are trained. */
function isLookedAt(path: string, recipe: Recipe): boolean {
  const { method = "sft", adapters } = recipe
  if (path === "adapters") return method !== "sft" && method !== "lora"
  return !path.startsWith("lora") || method === "lora" || adapters === true
}

/** The fields of a recipe; where plugins are named, what is written is one of the choices. */
export function fieldsFor(schema: Schema, recipe: Recipe): Field[] {
  const found = OFTEN.filter((path) => isLookedAt(path, recipe)).flatMap((path) => {
    const property = propertyAt(schema, path)
    if (!property) return []
    const written = valueAt(recipe, path) ?? property.default
    const named = property.examples && { enum: [...new Set([...property.examples, written])] }
    return [[path, { ...property, ...named }] as const]
  })
  return fieldsOf({ properties: Object.fromEntries(found) })
}

/** What stands in the fields: what was typed, and else what the recipe says. */
export function draftFor(fields: readonly Field[], recipe: Recipe, typed: Draft): Draft {
  const said = fields.flatMap(({ name }) => {
    const value = valueAt(recipe, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...draftOf(fields, Object.fromEntries(said)), ...typed }
}

/** The first field that holds what no recipe can hold, as a sentence. */
export function unfinished(fields: readonly Field[], typed: Draft): string {
  const bad = fields
    .filter((field) => field.name in typed)
    .map((field) => configOf([field], typed))
    .find((said) => typeof said === "string")
  return typeof bad === "string" ? bad : ""
}

/** The recipe after a field was typed into; what cannot be read yet leaves it as it is. */
export function typeInto(recipe: Recipe, field: Field, typed: Draft, schema: Schema): Written {
  const said = configOf([field], typed)
  if (typeof said === "string") return write(recipe, typed)
  const value = field.name in said ? said[field.name] : field.initial
  const next = withValue(recipe, field.name, value)
  const usual = usualRecipe(schema)
  for (const key of ["adapters", "lora"]) {
    if (key in next && !isLookedAt(key, next)) next[key] = usual[key]
  }
  return write(next, typed)
}

/** How long it trains: exactly one of the two is said, or neither. */
export function lengthOf(recipe: Recipe): { unit: "steps" | "epochs"; value: number | null } {
  const unit = typeof recipe.steps === "number" ? "steps" : "epochs"
  const value = recipe[unit]
  return { unit, value: typeof value === "number" ? value : null }
}

export function withLength(recipe: Recipe, unit: "steps" | "epochs", value: number | null): Recipe {
  return { ...recipe, steps: null, epochs: null, [unit]: value }
}

/** The folder that is gone on from; null where a model is made from nothing. */
export function folderOf(recipe: Recipe): string | null {
  return isRecord(recipe.model) && "path" in recipe.model ? String(recipe.model.path ?? "") : null
}

/** A folder brings its tokenizer along; without one both are made. */
export function withFolder(recipe: Recipe, folder: string | null, schema: Schema): Recipe {
  const model = folder === null ? usualRecipe(schema).model : { path: folder }
  return withValue({ ...recipe, model }, "tokenizer.source", folder === null ? "build" : "model")
}

function valueAt(recipe: Recipe, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), recipe)
}

function withValue(recipe: Recipe, path: string, value: unknown): Recipe {
  const [key = "", ...rest] = path.split(".")
  if (rest.length === 0) return { ...recipe, [key]: value }
  const table = recipe[key]
  return { ...recipe, [key]: withValue(isRecord(table) ? table : {}, rest.join("."), value) }
}

function propertyAt(schema: Schema, path: string): Schema | undefined {
  return path.split(".").reduce<Schema | undefined>((at, key) => {
    const table = at?.$ref ? schema.$defs?.[at.$ref.split("/").at(-1) ?? ""] : at
    return table?.properties?.[key]
  }, schema)
}
