import { FORMATS } from "@/features/exams/kinds"

/** The exam as a file, in each format that others train and test on. */
export function Exports({ name }: { name: string }) {
  return (
    <ul className="flex flex-col gap-1">
      {FORMATS.map(([format, meaning]) => (
        <li key={format} className="flex flex-wrap gap-x-3">
          <a
            className="link"
            href={`/api/exams/${encodeURIComponent(name)}/export.jsonl?format=${format}`}
            download={`${name}-${format}.jsonl`}
          >
            {format}
          </a>
          <span className="text-muted">{meaning}</span>
        </li>
      ))}
    </ul>
  )
}
