/** How late the lines of a run's log are drawn in a browser: node log_delay.mjs URL LINES.
 *
 * Says "ready" once the page follows the log. Each line is the second at which it was printed; the
 * delays in seconds, from there to the line's place on the page, are one JSON array.
 */
import { existsSync } from "node:fs"
import { chromium } from "../web/node_modules/@playwright/test/index.mjs"

const [url, lines] = process.argv.slice(2)
const debian = "/usr/bin/chromium"
const browser = await chromium.launch({
  ...(existsSync(debian) ? { executablePath: debian } : { channel: "chrome" }),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
})
const page = await browser.newPage()
await page.goto(url)
const log = page.getByRole("log")
await log.waitFor()
await log.evaluate((box) => {
  globalThis.delays = new Map()
  new MutationObserver(() => {
    const now = Date.now() / 1000
    for (const [printed] of box.innerText.matchAll(/\d{10}\.\d+/g))
      if (!globalThis.delays.has(printed)) globalThis.delays.set(printed, now - Number(printed))
  }).observe(box, { childList: true, subtree: true, characterData: true })
})
console.log("ready")
await page.waitForFunction((all) => globalThis.delays.size >= all, Number(lines), { timeout: 120_000 })
console.log(JSON.stringify(await page.evaluate(() => [...globalThis.delays.values()])))
await browser.close()
