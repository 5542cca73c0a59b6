/** The funnel of a curation as the manifest of a frozen version keeps it. */
import type { FunnelStage } from "@/features/curate/queries"

/** The same as a curation shows it; what is not as expected is left out. */
export function frozenFunnel(stored: readonly Record<string, unknown>[]): FunnelStage[] {
  return stored.map(({ place, stage, came, kept, reasons }) => ({
    place: Number(place),
    stage: String(stage),
    came: Number(came),
    kept: Number(kept),
    reasons: (Array.isArray(reasons) ? reasons : [])
      .filter(Array.isArray)
      .map(([reason, traces]) => ({ reason: String(reason), traces: Number(traces), examples: [] })),
  }))
}
