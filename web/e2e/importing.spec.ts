/** Lines from a file of this computer: looked at, mapped, stored, and what is refused is said with its place. */
import { expect, test } from "@playwright/test"
import { listen, settled, violations } from "./watching"

test("a file with bad lines is imported: good ones are kept, bad ones named, once more adds nothing", async ({
  page,
}) => {
  const said = listen(page)
  const good = (n: number) =>
    JSON.stringify({
      trace_version: "1.0",
      prompt: `What is ${n} and ${Date.now()}?`,
      final_answer: "4",
      steps: [{ i: 0, type: "compute", content: "2 + 2 = 4" }],
    })
  const file = {
    name: "from the browser.jsonl",
    mimeType: "application/jsonl",
    buffer: Buffer.from(`${good(1)}\n<script>window.__xss=1</script>\n\n${good(2)}\n{}\n`),
  }
  await page.goto("/import")
  await settled(page)

  await page.getByLabel("File with a record a line").setInputFiles(file)
  await expect(page.getByText("4 records, read as jsonl: 2 traces, 2 refused.")).toBeVisible()
  await expect(page.getByRole("region", { name: "Problems" }).locator("tbody tr")).toHaveCount(2)
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: "Import" }).click()
  await expect(page.getByText("2 traces added, 0 known already, 2 lines refused.")).toBeVisible()
  const refused = page.getByRole("region", { name: "Refused lines" })
  await expect(refused.locator("tbody tr").first()).toContainText("2")
  await expect(refused.locator("tbody tr").nth(1)).toContainText("5")
  expect(await violations(page)).toEqual([])
  await page.getByRole("button", { name: "Import" }).click()
  await expect(page.getByText("0 traces added, 2 known already, 2 lines refused.")).toBeVisible()
  await page.getByRole("link", { name: /Show the traces of/ }).click()
  await expect(page.locator("[role=row] a").first()).toBeVisible()
  expect(said).toEqual([])
})

test("records of no format are mapped column by column, and a refused one names its column", async ({
  page,
}) => {
  const said = listen(page)
  const now = Date.now()
  const lines = [
    { Question: `What is 2 and ${now}?`, why: "first this\n\nthen that", final: "5", level: "<b>easy</b>" },
    { Question: `What is 3 and ${now}?`, why: { deep: 1 }, final: "6", level: "hard" },
  ]
  await page.goto("/import")
  await settled(page)

  await page
    .getByRole("textbox", { name: "or paste lines" })
    .fill(lines.map((one) => JSON.stringify(one)).join("\n"))
  await page.getByRole("button", { name: "Say which column is which" }).click()
  await page.getByRole("combobox", { name: "Steps", exact: true }).selectOption("why")
  await page.getByRole("checkbox", { name: "level" }).check()
  await expect(page.getByText("2 records: 1 trace, 1 refused.")).toBeVisible()
  await expect(page.getByRole("region", { name: "Problems" }).locator("tbody tr")).toContainText(/2.*why/)
  expect(await violations(page)).toEqual([])

  await page.getByRole("button", { name: "Import" }).click()
  await expect(page.getByText("1 trace added, 0 known already, 1 line refused.")).toBeVisible()
  await page.goto(`/traces?query=meta.level:"<b>easy</b>" source:pasted ${now}`)
  await expect(page.locator("[role=row] a").first()).toContainText(`What is 2 and ${now}?`)
  expect(said).toEqual([])
})

test("a file without a record a line is not sent, and it is said what to do", async ({ page }) => {
  await page.goto("/import")
  await settled(page)

  const file = { name: "all.json", mimeType: "application/json", buffer: Buffer.from('[{"prompt": "x"}]') }
  await page.getByLabel("File with a record a line").setInputFiles(file)

  await expect(page.getByRole("alert")).toContainText("tunix-rt traces import")
  await expect(page.getByRole("button", { name: "Import" })).toBeDisabled()
  expect(await violations(page)).toEqual([])
})
