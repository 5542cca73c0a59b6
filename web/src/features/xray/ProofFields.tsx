import { PROOFS, USUAL } from "@/features/xray/queries"
import { RenderingFields, readRendering } from "@/features/xray/RenderingFields"

/** The rendering that is proven, and which proofs may be broken all the same. */
export function ProofFields() {
  return (
    <>
      <RenderingFields rendering={USUAL} />
      <details className="sm:col-span-2 lg:col-span-4">
        <summary className="w-fit text-sm text-muted">Freeze it although a proof is broken</summary>
        <fieldset className="grid gap-x-4 py-1 sm:grid-cols-2">
          <legend className="sr-only">Proofs that may be broken</legend>
          {Object.entries(PROOFS).map(([name, says]) => (
            <label key={name} className="flex min-h-7 items-center gap-2">
              <input type="checkbox" name="despite" value={name} />
              <span>
                <span className="font-mono text-sm">{name}</span> <span className="text-muted">{says}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </details>
    </>
  )
}

export function readProof(form: FormData) {
  return {
    rendering: readRendering(form, USUAL),
    despite: form.getAll("despite").map(String) as (keyof typeof PROOFS)[],
  }
}
