/** Options as a form holds them, made from their JSON schema, and as the server takes them. */

export interface Option {
  name: string
  note: string
}

export type Field = {
  name: string
  /** What the schema says of it. */
  note?: string
} & (
  | { kind: "flag"; initial: boolean }
  | {
      kind: "number"
      /** Null where nothing is asked for: then the field may be empty. */
      initial: number | null
      isOptional: boolean
      min: number | undefined
      max: number | undefined
      step: "any" | 1
    }
  | { kind: "text"; initial: string | null; isPath: boolean }
  | { kind: "one" | "many"; initial: string | string[]; options: Option[] }
  | { kind: "list"; initial: string[] }
  | { kind: "json"; initial: unknown }
)

/** What stands in a field: text, also of numbers and JSON, a mark, or what was chosen. */
export type Draft = Record<string, string | boolean | string[]>

/** What is asked for: a JSON value for each option that is not as usual. */
export type Config = Record<string, unknown>

interface Property {
  type?: string
  default?: unknown
  description?: string
  enum?: unknown[]
  items?: { type?: string; enum?: unknown[] }
  anyOf?: Property[]
  minimum?: number
  maximum?: number
  format?: string
}

/** What is known besides the schema. */
interface Known {
  /** Choices of lists whose schema names none. */
  offered?: Readonly<Record<string, readonly Option[]>>
  /** Lists of text stand one on a line; otherwise they are JSON. */
  lists?: boolean
}

/** The fields of a schema; what a form has no control for is JSON. */
export function fieldsOf(schema: object, known: Known = {}): Field[] {
  const { properties = {} } = schema as { properties?: Record<string, Property> }
  return Object.entries(properties).map(([name, property]) => {
    const note = property.description?.replace(/\s+/g, " ")
    return { ...fieldOf(name, property, known), ...(note ? { note } : {}) }
  })
}

function fieldOf(name: string, given: Property, { offered = {}, lists = false }: Known): Field {
  const isOptional = given.anyOf?.some((one) => one.type === "null") ?? false
  const others = given.anyOf?.filter((one) => one.type !== "null") ?? []
  const property = others.length === 1 ? { ...others[0], ...given } : given
  const type = given.type ?? (others.length === 1 ? others[0]?.type : undefined)
  const initial = property.default
  if (type === "boolean") return { name, kind: "flag", initial: initial === true }
  if (type === "integer" || type === "number") {
    const step = type === "integer" ? 1 : "any"
    const { minimum: min, maximum: max } = property
    const number = initial === null || initial === undefined ? null : Number(initial)
    return { name, kind: "number", initial: isOptional ? number : (number ?? 0), isOptional, min, max, step }
  }
  if (type === "string" && property.enum)
    return { name, kind: "one", initial: String(initial ?? ""), options: optionsOf(property.enum) }
  if (type === "string") {
    const text = isOptional && (initial === null || initial === undefined) ? null : String(initial ?? "")
    return { name, kind: "text", initial: text, isPath: property.format === "path" }
  }
  if (type === "array" && property.items?.type === "string") {
    const options = property.items.enum ? optionsOf(property.items.enum) : [...(offered[name] ?? [])]
    if (options.length > 0) return { name, kind: "many", initial: (initial ?? []) as string[], options }
    if (lists) return { name, kind: "list", initial: (initial ?? []) as string[] }
  }
  return { name, kind: "json", initial: initial ?? null }
}

/** The form of a config; what the config leaves out is as the schema has it. */
export function draftOf(fields: readonly Field[], config: Config): Draft {
  return Object.fromEntries(
    fields.map((field) => {
      const value = field.name in config ? config[field.name] : field.initial
      if (field.kind === "flag") return [field.name, value === true]
      if (field.kind === "many") return [field.name, Array.isArray(value) ? value.map(String) : []]
      if (field.kind === "list") return [field.name, Array.isArray(value) ? value.join("\n") : ""]
      if (field.kind === "json") return [field.name, JSON.stringify(value)]
      if (field.kind === "text" && field.isPath && !(field.name in config)) return [field.name, ""]
      return [field.name, value === null || value === undefined ? "" : String(value)]
    }),
  )
}

/** The config of a form, without what is as the schema has it; or what is not finished. */
export function configOf(fields: readonly Field[], draft: Draft): Config | string {
  const config: Config = {}
  for (const field of fields) {
    const value = readField(field, draft[field.name] ?? "")
    if (value === undefined) return `${field.name} is not ${field.kind === "json" ? "JSON" : "a number"}.`
    const unsaid = field.kind === "text" && field.isPath && value === ""
    if (!unsaid && JSON.stringify(value) !== JSON.stringify(field.initial)) config[field.name] = value
  }
  return config
}

function readField(field: Field, written: Draft[string]): unknown {
  if (field.kind === "number") {
    if (written === "" && field.isOptional) return null
    const value = Number(written)
    return written === "" || !Number.isFinite(value) ? undefined : value
  }
  if (field.kind === "list")
    return String(written)
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean)
  if (field.kind === "json") {
    try {
      return JSON.parse(String(written))
    } catch {
      return undefined
    }
  }
  if (field.kind === "text" && field.initial === null && written === "") return null
  return typeof written === "string" ? written.trim() : written
}

function optionsOf(values: readonly unknown[]): Option[] {
  return values.map((value) => ({ name: String(value), note: "" }))
}
