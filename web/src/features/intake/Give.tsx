import { useRef } from "react"
import { bytes } from "@/ui/words"

interface Props {
  file: File | null
  pasted: string
  onGive: (file: File | null, pasted: string) => void
}

/** A file of this computer, chosen or dropped, or lines that are pasted. */
export function Give({ file, pasted, onGive }: Props) {
  const picker = useRef<HTMLInputElement>(null)
  const take = (files: FileList | null): void => onGive(files?.[0] ?? null, pasted)
  return (
    <>
      <div
        role="group"
        aria-label="File"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          take(event.dataTransfer.files)
        }}
        className="flex flex-wrap items-center gap-3 rounded-lg border border-dashed border-edge p-4"
      >
        <input
          ref={picker}
          type="file"
          aria-label="File with a record a line"
          accept=".jsonl,.ndjson,.json,.txt,.gz"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => take(event.target.files)}
        />
        <button type="button" className="btn" onClick={() => picker.current?.click()}>
          Choose a file
        </button>
        <span className="min-w-0 break-words text-muted">
          {file ? `${file.name}, ${bytes(file.size)}` : "or drop it here: a record a line, gzip or not"}
        </span>
        {file && (
          <button
            type="button"
            className="link px-1"
            onClick={() => {
              if (picker.current) picker.current.value = "" // the same file can be chosen again
              onGive(null, pasted)
            }}
          >
            Remove
          </button>
        )}
      </div>
      {!file && (
        <label className="flex flex-col gap-1">
          <span className="text-sm text-muted">or paste lines</span>
          <textarea
            className="field min-h-32 py-1 font-mono text-sm"
            spellCheck={false}
            value={pasted}
            onChange={(event) => onGive(null, event.target.value)}
          />
        </label>
      )}
    </>
  )
}
