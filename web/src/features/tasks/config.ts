/** The config of a generator as a form holds it, made from its JSON schema, and as the server takes it. */
import type { Config, Generator } from "@/features/tasks/queries"

export interface Option {
  name: string
  note: string
}

export type Field = { name: string } & (
  | { kind: "flag"; initial: boolean }
  | { kind: "number"; initial: number; min: number | undefined; max: number | undefined; step: "any" | 1 }
  | { kind: "text"; initial: string; isPath: boolean }
  | { kind: "one" | "many"; initial: string | string[]; options: Option[] }
  | { kind: "json"; initial: unknown }
)

/** What stands in a field: text, also of numbers and JSON, a mark, or what was chosen. */
export type Draft = Record<string, string | boolean | string[]>

interface Property {
  type?: string
  default?: unknown
  enum?: unknown[]
  items?: { type?: string; enum?: unknown[] }
  minimum?: number
  maximum?: number
  format?: string
}

/** The fields of a generator's config; what a form has no control for is JSON. */
export function fieldsOf(generator: Generator): Field[] {
  const properties = (generator.config_schema.properties ?? {}) as Record<string, Property>
  return Object.entries(properties).map(([name, property]): Field => {
    const initial = property.default
    const families = generator.families.map((one) => ({
      name: one.name,
      note: one.worked ? "" : "no steps",
    }))
    if (property.type === "boolean") return { name, kind: "flag", initial: initial === true }
    if (property.type === "integer" || property.type === "number") {
      const step = property.type === "integer" ? 1 : "any"
      const { minimum: min, maximum: max } = property
      return { name, kind: "number", initial: Number(initial ?? 0), min, max, step }
    }
    if (property.type === "string" && property.enum)
      return { name, kind: "one", initial: String(initial ?? ""), options: optionsOf(property.enum) }
    if (property.type === "string")
      return { name, kind: "text", initial: String(initial ?? ""), isPath: property.format === "path" }
    if (property.type === "array" && property.items?.type === "string") {
      const offered = property.items.enum ? optionsOf(property.items.enum) : families
      const isKnown = property.items.enum !== undefined || name === "families"
      if (isKnown && offered.length > 0)
        return { name, kind: "many", initial: (initial ?? []) as string[], options: offered }
    }
    return { name, kind: "json", initial: initial ?? null }
  })
}

/** The form of a config; what the config leaves out is as the generator has it. */
export function draftOf(fields: readonly Field[], config: Config): Draft {
  return Object.fromEntries(
    fields.map((field) => {
      const value = field.name in config ? config[field.name] : field.initial
      if (field.kind === "flag") return [field.name, value === true]
      if (field.kind === "many") return [field.name, Array.isArray(value) ? value.map(String) : []]
      if (field.kind === "json") return [field.name, JSON.stringify(value)]
      if (field.kind === "text" && field.isPath && !(field.name in config)) return [field.name, ""]
      return [field.name, String(value)]
    }),
  )
}

/** The config of a form, without what is as the generator has it; or what is not finished. */
export function configOf(fields: readonly Field[], draft: Draft): Config | string {
  const config: Config = {}
  for (const field of fields) {
    const value = readField(field, draft[field.name] ?? "")
    if (value === undefined) return `${field.name} is not ${field.kind === "json" ? "JSON" : "a number"}.`
    const unsaid = field.kind === "text" && field.isPath && value === ""
    if (!unsaid && JSON.stringify(value) !== JSON.stringify(field.initial))
      config[field.name] = value as Config[string]
  }
  return config
}

/** The path that a generator cannot do without, if the config does not give it. */
export function missingPath(fields: readonly Field[], config: Config): string | undefined {
  return fields.find((field) => field.kind === "text" && field.isPath && !(field.name in config))?.name
}

function readField(field: Field, written: Draft[string]): unknown {
  if (field.kind === "number") {
    const value = Number(written)
    return written === "" || !Number.isFinite(value) ? undefined : value
  }
  if (field.kind === "json") {
    try {
      return JSON.parse(String(written))
    } catch {
      return undefined
    }
  }
  return typeof written === "string" ? written.trim() : written
}

function optionsOf(values: readonly unknown[]): Option[] {
  return values.map((value) => ({ name: String(value), note: "" }))
}
