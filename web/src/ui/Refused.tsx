import { ApiError } from "@/api/client"

/** Why something that was asked for is not done: in the server's words, where it was asked. */
export function Refused({ error }: { error: Error | string | null }) {
  if (!error) return null
  const words = typeof error === "string" ? error : error.message
  return (
    <p role="alert" className="break-words text-bad">
      {words} {error instanceof ApiError && error.hint}
    </p>
  )
}
