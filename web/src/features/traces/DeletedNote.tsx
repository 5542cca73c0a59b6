import { restoreTraces, useAct } from "@/features/traces/marks"
import { useKeys } from "@/ui/keys"
import { moment } from "@/ui/words"

/** A trace that was deleted says so, and can be brought back. */
export function DeletedNote({ id, at }: { id: string; at: string }) {
  const restore = useAct(() => restoreTraces([id]))
  useKeys({ u: () => restore.mutate() })
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-3 border-b border-warn bg-warn-bg px-4 py-2"
    >
      <span>
        This trace was deleted on {moment(at)}. It is in no list until it is restored.
        {restore.error && ` ${restore.error.message}`}
      </span>
      <button
        type="button"
        className="btn bg-bg"
        disabled={restore.isPending}
        onClick={() => restore.mutate()}
      >
        Restore <kbd className="kbd">u</kbd>
      </button>
    </div>
  )
}
