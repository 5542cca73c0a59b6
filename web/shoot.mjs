import { readFileSync } from "node:fs"
import { chromium } from "@playwright/test"

const B = "http://127.0.0.1:18411"
const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8")
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
})
const get = async (p) => (await fetch(B + p)).json()
const list = (await get("/api/court")).data
const byKind = (f) => list.find(f)?.run_id
const regrade = byKind((c) => c.first === "stored" && c.subject === "answer")
const judge = byKind((c) => c.first.startsWith("judge:"))
const trace = (await get("/api/traces?query=source:h.jsonl")).data[0].id
const judged = (await get(`/api/court/${judge}/cases?limit=5`)).data[0].trace_id
const all = {
  verify: "/verify",
  "verify-refused": "/verify?query=pie%20sauce:x",
  court: "/court",
  "court-judge": `/court/${judge}`,
  "court-regrade": `/court/${regrade}`,
  "court-audit": `/court/${regrade}?which=audit`,
  judges: "/judges",
  trace: `/traces/${trace}?step=2`,
  "trace-rendered": `/traces/${trace}?view=rendered`,
  "trace-judged": `/traces/${judged}`,
}
const only = process.argv.slice(2)
for (const [name, path] of Object.entries(all)) {
  if (only.length && !only.includes(name)) continue
  for (const [theme, w, h] of [
    ["light", 1440, 1000],
    ["dark", 1440, 1000],
    ["light", 390, 844],
  ]) {
    const page = await browser.newPage({ viewport: { width: w, height: h }, colorScheme: theme })
    const said = []
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && said.push(m.text()))
    page.on("pageerror", (e) => said.push(String(e)))
    await page.goto(B + path)
    await page.locator("main h1").first().waitFor()
    await page.waitForTimeout(700)
    await page.screenshot({ path: `/tmp/w1shots/${name}-${theme}-${w}.png` })
    await page.evaluate(AXE)
    const v = await page.evaluate(async () =>
      (
        await axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        })
      ).violations.flatMap((x) => x.nodes.map((n) => `${x.id}: ${n.target} ${n.failureSummary}`)),
    )
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (v.length || said.length || wide > 0) console.log(name, theme, w, { v, said, wide })
    await page.close()
  }
}
await browser.close()
