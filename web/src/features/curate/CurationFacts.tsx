import type { Curation } from "@/features/curate/queries"
import { filterWords } from "@/features/curate/words"
import { Facts, Json, Short } from "@/ui/Facts"
import { count, moment } from "@/ui/words"

/** Which pipeline it was, and the hashes that say whether another run chose the same. */
export function CurationFacts({ curation }: { curation: Curation }) {
  const { pipeline, selection_sha256: selection, pipeline_sha256: hash } = curation
  return (
    <>
      <div className="grid gap-x-10 gap-y-3 md:grid-cols-2">
        <Facts
          facts={[
            [
              "From",
              <code key="from" className="font-mono">
                {filterWords(pipeline.filter)}
              </code>,
            ],
            ["Seed", pipeline.seed],
            ["At most", pipeline.limit && count(pipeline.limit)],
            ["Looked at", curation.sample && `a sample of about ${count(curation.sample)}`],
            ["Started", moment(curation.created_at)],
          ]}
        />
        <Facts
          facts={[
            ["Selection", selection && <Short key="selection">{selection}</Short>],
            ["Pipeline", hash && <Short key="pipeline">{hash}</Short>],
            [
              "Stages",
              Object.entries(curation.versions)
                .map(([name, version]) => `${name} ${version}`)
                .join(", "),
            ],
          ]}
        />
      </div>
      <details className="mt-2 min-w-0">
        <summary className="w-fit text-sm text-muted">The stages and their options</summary>
        <Json label="The stages" value={pipeline.stages} />
      </details>
    </>
  )
}
