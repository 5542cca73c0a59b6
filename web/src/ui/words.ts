/** Numbers, times and sizes as people read them. */

export function count(value: number): string {
  return value.toLocaleString("en")
}

/** A share of 1 in percent, with one decimal. */
export function percent(value: number): string {
  return `${(value * 100).toFixed(1)}%`
}

/** A metric: enough digits to see it move, not more. */
export function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en")
  const size = Math.abs(value)
  if (size < 0.001 || size >= 1e6) return value.toExponential(2)
  const digits = size >= 100 ? 1 : 4
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"]
  let rest = value
  let unit = 0
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000
    unit += 1
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`
}

/** A metric by its name: what is counted in bytes is read in their units. */
export function metric(name: string, value: number): string {
  return inBytes(name) ? bytes(Math.round(value)) : number(value)
}

export function inBytes(name: string): boolean {
  return /[ _]bytes$/i.test(name)
}

/** A moment in the reader's own time zone. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })
}

/** The day and time, without the year, for lists. */
export function day(iso: string): string {
  const parts = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const
  return new Date(iso).toLocaleString("en-GB", parts)
}

/** From one moment to another, or to now. */
export function lasted(from: string, to: string | null): string {
  return duration(Math.max(0, ((to ? Date.parse(to) : Date.now()) - Date.parse(from)) / 1000))
}

export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s"
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** The tail of an id: UUIDs made in one hour share their beginning, so the end tells them apart. */
export function shortId(id: string): string {
  return id.length > 12 ? id.slice(-8) : id
}
