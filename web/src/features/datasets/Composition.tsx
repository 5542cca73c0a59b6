import { Link } from "@tanstack/react-router"
import type { Version } from "@/features/datasets/queries"
import { Badge } from "@/ui/Badge"
import { type Bar, Bars } from "@/ui/Bars"
import { term } from "@/ui/query"

const MOST = 8

/** What a version is made of, seen from every side that was counted. */
export function Composition({ version }: { version: Version }) {
  const splits = version.splits.map(({ name, rows }) => ({ name, value: rows }))
  const sides: [string, Bar[]][] = [
    ["Splits", splits],
    ["Verdicts", largest(version.verdicts, (name) => <Badge value={known(name)} />)],
    ["Parts of the mixture", largest(version.parts)],
    ["Sources", largest(version.sources, (name) => <Among field="source" name={name} />)],
    ["Models", largest(version.models, (name) => <Among field="model" name={name} />)],
    ["Licences", largest(version.licences)],
  ]
  return (
    <div className="grid gap-x-10 gap-y-5 md:grid-cols-2 xl:grid-cols-3">
      {sides
        .filter(([, bars]) => bars.length > 0)
        .map(([name, bars]) => (
          <div key={name} className="min-w-0">
            <h3 className="mb-1 text-sm text-muted">{name}</h3>
            <Bars label={name} bars={bars} total={version.trace_count} />
          </div>
        ))}
    </div>
  )
}

function known(verdict: string): string {
  return verdict === "unverified" ? "none" : verdict
}

function Among({ field, name }: { field: string; name: string }) {
  if (name === "unknown") return name
  return (
    <Link to="/traces" search={{ query: term(field, name) }} className="hover:underline">
      {name}
    </Link>
  )
}

/** The largest parts; the rest is one. */
function largest(counts: Record<string, number>, shown?: (name: string) => React.ReactNode): Bar[] {
  const sorted = Object.entries(counts)
    .filter(([, value]) => value > 0)
    .sort(([, one], [, other]) => other - one)
  const rest = sorted.slice(MOST)
  return [
    ...sorted
      .slice(0, MOST)
      .map(([name, value]) => ({ name, value, ...(shown ? { shown: shown(name) } : {}) })),
    ...(rest.length > 0
      ? [{ name: `${rest.length} others`, value: rest.reduce((sum, [, value]) => sum + value, 0) }]
      : []),
  ]
}
