import { Dialog as Base } from "@base-ui/react/dialog"
import type { ReactNode } from "react"

/** A window over the page: it takes the focus, keeps it, and gives it back. */
export function Dialog({
  label,
  onClose,
  children,
}: {
  label: string
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Base.Popup
          aria-label={label}
          className="fixed top-[12vh] left-1/2 z-50 max-h-[80vh] w-[560px] max-w-[94vw] -translate-x-1/2 overflow-auto rounded-xl border border-line bg-raised shadow-2xl"
        >
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
