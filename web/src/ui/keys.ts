/** Single-key shortcuts: never while typing, never with a dialog open, and they can be switched off. */
import { useEffect, useRef } from "react"

export type Keys = Record<string, () => void>

const STORED = "shortcuts"
const TYPING = /^(INPUT|TEXTAREA|SELECT)$/

/** Keys such as `j`, `g t` (one after the other) and `mod+k` (Ctrl or Command). */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    let before = ""
    let at = 0
    const onKey = (event: KeyboardEvent): void => {
      const key = (event.ctrlKey || event.metaKey ? "mod+" : "") + event.key
      const single = !key.startsWith("mod+")
      if (event.defaultPrevented || event.altKey || (single && (busy(event.target) || !shortcutsOn()))) return
      const pair = event.timeStamp - at < 800 ? latest.current[`${before} ${key}`] : undefined
      const act = pair ?? latest.current[key]
      before = key
      at = event.timeStamp
      if (!act || leaveToControl(event)) return
      event.preventDefault()
      act()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [])
}

export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off"
  } catch {
    return true
  }
}

export function setShortcuts(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? "on" : "off")
  } catch {
    // Storage is switched off: nothing to remember it in.
  }
}

function busy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return TYPING.test(target.tagName) || target.isContentEditable || target.closest("[role=dialog]") !== null
}

/** Enter and Space belong to a focused button or link; arrows to a focused scroll region. */
function leaveToControl(event: KeyboardEvent): boolean {
  const target = event.target
  return (
    target instanceof HTMLElement &&
    (event.key === "Enter" || event.key === " ") &&
    target.closest("a,button,summary") !== null
  )
}
