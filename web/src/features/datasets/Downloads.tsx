/** The records of the contract. */
const FORMATS = ["trace", "tunix_sft", "training_example"]

/** A version as a file, in one of the formats that others read. */
export function Downloads({ dataset }: { dataset: string }) {
  return (
    <details className="relative">
      <summary className="btn list-none">
        Download <span aria-hidden>▾</span>
      </summary>
      <ul className="absolute right-0 z-10 mt-1 flex w-56 flex-col rounded-lg border border-line bg-raised p-1 shadow-lg">
        {FORMATS.map((format) => (
          <li key={format}>
            <a
              className="flex min-h-7 items-center rounded-md px-2 hover:bg-hover"
              href={`/api/datasets/${encodeURIComponent(dataset)}/export.jsonl?format=${format}`}
              download={`${dataset}-${format}.jsonl`}
            >
              {format}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
