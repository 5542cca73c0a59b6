/** The config of a generator as a form holds it. */
import type { Config, Generator } from "@/features/tasks/queries"
import { type Draft, type Field, configOf as read, fieldsOf as schemaFields } from "@/ui/options"

/** The fields of a generator's config; families that only it knows are offered. */
export function fieldsOf({ config_schema, families }: Generator): Field[] {
  const known = families.map((one) => ({ name: one.name, note: one.worked ? "" : "no steps" }))
  return schemaFields(config_schema, { offered: { families: known } })
}

/** The config of a form, without what is as the generator has it; or what is not finished. */
export function configOf(fields: readonly Field[], draft: Draft): Config | string {
  return read(fields, draft) as Config | string
}

/** The path that a generator cannot do without, if the config does not give it. */
export function missingPath(fields: readonly Field[], config: Config): string | undefined {
  return fields.find((field) => field.kind === "text" && field.isPath && !(field.name in config))?.name
}
