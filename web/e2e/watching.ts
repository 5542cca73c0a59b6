/** What every browser test watches for: accessibility, the console, sideways scrolling. */
import { readFileSync } from "node:fs"
import { expect, type Page } from "@playwright/test"

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8")
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

/** The one rule that a change of colours can break, and those that a narrow screen can. */
const CONTRAST = ["color-contrast"]
const NARROW = ["target-size", "scrollable-region-focusable", "button-name", "aria-hidden-focus", "region"]

interface Violation {
  id: string
  nodes: { target: string[]; failureSummary: string }[]
}

declare const axe: { run: (root: Document, options: object) => Promise<{ violations: Violation[] }> }

/** Broken accessibility rules with the places that break them; empty when all is well. */
export async function violations(page: Page, rules = RULES): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE)
  const found = await page.evaluate(
    async (rules) => (await axe.run(document, { runOnly: rules, resultTypes: ["violations"] })).violations,
    rules,
  )
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`))
}

/** What a page breaks in either theme, drawn light when it begins and when it ends. */
export async function brokenInBothThemes(page: Page): Promise<string[]> {
  const light = await violations(page)
  await page.emulateMedia({ colorScheme: "dark" })
  const dark = await violations(page, CONTRAST)
  await page.emulateMedia({ colorScheme: "light" })
  return [...light.map((line) => `light: ${line}`), ...dark.map((line) => `dark: ${line}`)]
}

/** What a page breaks on the screen of a telephone, which it has from now on. */
export async function brokenWhenNarrow(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 390, height: 844 })
  await settled(page)
  const found = await violations(page, NARROW)
  return (await sidewaysScroll(page)) > 0 ? [...found, "it scrolls sideways"] : found
}

/** Collects what the page complains about, the content security policy included. */
export function listen(page: Page): string[] {
  const said: string[] = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") said.push(message.text())
  })
  page.on("pageerror", (error) => said.push(String(error)))
  return said
}

/** The page is drawn and nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main h1").first().waitFor()
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0)
  await page.waitForTimeout(250)
}

async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
