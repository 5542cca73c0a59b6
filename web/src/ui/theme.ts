/** The theme: as the system says, or as the reader chose. Charts listen, because a canvas does not restyle. */
import { useEffect, useState } from "react"

export type Theme = "system" | "light" | "dark"

const CHANGED = "themechange"

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  return chosen === "light" || chosen === "dark" ? chosen : "system"
}

export function setTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === "system") delete root.dataset.theme
  else root.dataset.theme = theme
  try {
    localStorage.setItem("theme", theme)
  } catch {
    // Storage is switched off: the choice lasts until the page is left.
  }
  window.dispatchEvent(new Event(CHANGED))
}

/** The chosen theme, and a number that grows whenever what is drawn must be drawn again. */
export function useTheme(): { theme: Theme; version: number } {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const changed = (): void => setVersion((old) => old + 1)
    const system = matchMedia("(prefers-color-scheme: dark)")
    system.addEventListener("change", changed)
    window.addEventListener(CHANGED, changed)
    return () => {
      system.removeEventListener("change", changed)
      window.removeEventListener(CHANGED, changed)
    }
  }, [])
  return { theme: currentTheme(), version }
}

/** Dark becomes light and light dark, whatever the system says. */
export function toggleTheme(): void {
  const theme = currentTheme()
  const dark = theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark"
  setTheme(dark ? "light" : "dark")
}
