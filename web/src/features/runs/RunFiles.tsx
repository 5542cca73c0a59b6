import { useQuery } from "@tanstack/react-query"
import { artifacts } from "@/features/runs/queries"
import { Section } from "@/ui/Page"
import { bytes } from "@/ui/words"

/** The files a run left behind, each to be taken. */
export function RunFiles({ id }: { id: string }) {
  const files = useQuery(artifacts(id)).data?.artifacts ?? []
  if (files.length === 0) return null
  return (
    <Section title="Files">
      <ul aria-label="Files" className="card divide-y divide-line">
        {files.map((file) => (
          <li key={file.name} className="flex min-h-9 items-center gap-3 px-3">
            <a
              className="link min-w-0 break-all"
              href={`/api/tunix/runs/${id}/artifacts/${encodeURIComponent(file.name)}/download`}
              download={file.name}
            >
              {file.name}
            </a>
            <span className="ml-auto shrink-0 text-sm text-muted tabular-nums">{bytes(file.size)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
