import { ApiError } from "@/api/client"

/** Why something was not done, in the server's words, beside what was tried. */
export function Problem({ error }: { error: Error | null }) {
  if (!error) return null
  return (
    <p role="alert" className="text-sm break-words text-bad">
      {error.message}
      {error instanceof ApiError && error.hint && ` ${error.hint}`}
    </p>
  )
}
