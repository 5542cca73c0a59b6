import { ApiError } from "@/api/client"

interface Props {
  error: unknown
  retry?: () => void
  /** It stands for a whole page, and so has its heading. */
  page?: boolean
  /** What was tried, where it was more than to show something. */
  title?: string
}

/** What went wrong, in the server's words, and if it knows it, the way out. */
export function Failure({ error, retry, page = false, title = "Could not load this" }: Props) {
  const Title = page ? "h1" : "p"
  const missing = error instanceof ApiError && error.status === 404
  return (
    <div role="alert" className="m-4 rounded-lg border border-bad bg-bad-bg p-4">
      <Title className="font-semibold text-bad">{missing ? "There is no such thing here" : title}</Title>
      <p className="mt-1 font-mono text-sm break-words">{messageOf(error)}</p>
      {error instanceof ApiError && error.hint && <p className="mt-1">{error.hint}</p>}
      {retry && !missing && (
        <button type="button" onClick={retry} className="btn mt-3 bg-bg">
          Try again
        </button>
      )}
    </div>
  )
}

/** How browsers say that nothing answered. */
const UNREACHED = /fetch|network|load failed/i

function messageOf(error: unknown): string {
  if (error instanceof TypeError && UNREACHED.test(error.message))
    return "The server does not answer. Is `tunix-rt serve` running?"
  return error instanceof Error ? error.message : String(error)
}
