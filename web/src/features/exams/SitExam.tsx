import { useMutation } from "@tanstack/react-query"
import { sitExam } from "@/features/exams/queries"
import { Refused } from "@/ui/Refused"

/** The step verifier of this house. */
const CLAIMS = "claims"

/** Lets the step verifier sit the exam. */
export function SitExam({ name, onQueued }: { name: string; onQueued: (run: string) => void }) {
  const sit = useMutation({
    mutationFn: () => sitExam(name, CLAIMS),
    onSuccess: ({ run_id }) => onQueued(run_id),
  })
  return (
    <>
      <button type="button" className="btn" disabled={sit.isPending} onClick={() => sit.mutate()}>
        Let the step verifier sit it
      </button>
      <Refused error={sit.error} />
    </>
  )
}
