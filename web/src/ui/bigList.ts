/**
 * A list of fixed-height rows that may be longer than a browser lets an element be (33.5M pixels
 * in Chromium, about 17.8M in Firefox; a million rows need 36M).
 *
 * The scroll area is capped. Small scrolls move pixel for pixel, jumps of the thumb map
 * proportionally, and when idle the thumb is brought back in step.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"

const MAX_HEIGHT = 8_000_000
const IDLE_MS = 160

export interface BigList {
  parent: RefObject<HTMLDivElement | null>
  height: number
  first: number
  last: number
  top: (index: number) => number
  reveal: (index: number) => void
}

interface View {
  /** The first visible pixel of the whole list. */
  offset: number
  scrollTop: number
  height: number
  /** The next scroll event is our own. */
  quiet: boolean
}

export function useBigList(count: number, rowHeight: number, overscan = 12): BigList {
  const parent = useRef<HTMLDivElement | null>(null)
  const view = useRef<View>({ offset: 0, scrollTop: 0, height: 600, quiet: false })
  const [, redraw] = useState(0)
  const total = count * rowHeight
  const height = Math.min(total, MAX_HEIGHT)
  const capped = total !== height

  const placeThumb = useCallback(() => {
    const box = parent.current
    const now = view.current
    if (!box) return
    const wanted = (now.offset / Math.max(1, total - now.height)) * Math.max(1, height - now.height)
    if (Math.abs(wanted - box.scrollTop) <= 1) return
    now.quiet = true
    box.scrollTop = wanted
    now.scrollTop = box.scrollTop
    redraw((old) => old + 1)
  }, [total, height])

  useEffect(() => {
    const box = parent.current
    if (!box) return
    const now = view.current
    let idle = 0
    const onScroll = (): void => {
      const moved = box.scrollTop - now.scrollTop
      now.scrollTop = box.scrollTop
      if (now.quiet) {
        now.quiet = false
        return
      }
      const end = Math.max(1, height - now.height)
      const jumped = box.scrollTop <= 0 || box.scrollTop >= end - 1 || Math.abs(moved) > now.height * 3
      const most = Math.max(0, total - now.height)
      if (!capped) now.offset = box.scrollTop
      else if (jumped) now.offset = (box.scrollTop / end) * most
      else now.offset = Math.min(most, Math.max(0, now.offset + moved))
      redraw((old) => old + 1)
      clearTimeout(idle)
      if (capped) idle = window.setTimeout(placeThumb, IDLE_MS)
    }
    const measure = (): void => {
      now.height = box.clientHeight
      redraw((old) => old + 1)
    }
    const watcher = new ResizeObserver(measure)
    box.addEventListener("scroll", onScroll, { passive: true })
    watcher.observe(box)
    measure()
    return () => {
      box.removeEventListener("scroll", onScroll)
      watcher.disconnect()
      clearTimeout(idle)
    }
  }, [total, height, capped, placeThumb])

  useLayoutEffect(() => {
    const now = view.current
    now.offset = Math.min(now.offset, Math.max(0, total - now.height))
  }, [total])

  const now = view.current
  const reveal = (index: number): void => {
    const top = index * rowHeight
    if (top >= now.offset && top + rowHeight <= now.offset + now.height) return
    const wanted = top < now.offset ? top : top + rowHeight - now.height
    now.offset = Math.min(Math.max(0, wanted), Math.max(0, total - now.height))
    if (capped) placeThumb()
    else if (parent.current) parent.current.scrollTop = now.offset
    redraw((old) => old + 1)
  }
  return {
    parent,
    height,
    first: Math.max(0, Math.floor(now.offset / rowHeight) - overscan),
    last: Math.min(count - 1, Math.ceil((now.offset + now.height) / rowHeight) + overscan),
    top: (index) => now.scrollTop + index * rowHeight - now.offset,
    reveal,
  }
}
