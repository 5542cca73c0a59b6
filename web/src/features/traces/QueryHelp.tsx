import { FIELDS } from "@/ui/query"

/** What can be asked for, for who has just been told that something cannot. */
export function QueryHelp() {
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4" tabIndex={0} role="region" aria-label="How to ask">
      <p className="mb-3">
        A query is words, phrases in quotes and <code className="font-mono text-sm">field:value</code> pairs;
        all of them must match.
      </p>
      <dl className="grid max-w-xl grid-cols-[96px_1fr] gap-y-1 text-sm">
        {Object.entries(FIELDS).map(([field, meaning]) => (
          <div key={field} className="contents">
            <dt className="font-mono">{field}:</dt>
            <dd className="text-muted">{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
