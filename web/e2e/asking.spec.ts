/** Traces are asked for in the query language: completed, refused with the place, ranked, kept in the address. */
import { expect, type Page, test } from "@playwright/test"
import { listen, settled, violations } from "./watching"

const box = (page: Page) => page.getByRole("combobox", { name: "Search traces" })
const total = (page: Page) => page.locator("h1 [role=status]")

test("a query that makes no sense is refused with the place of the character, and can be mended", async ({
  page,
}, info) => {
  await page.goto("/traces")
  await settled(page)

  await box(page).fill("🍎 steps:many")
  await page.keyboard.press("Enter")

  const alert = page.getByRole("alert")
  await expect(alert).toContainText("'many' is no number for 'steps'")
  await expect(alert.locator("mark")).toHaveText("many")
  await expect(box(page)).toHaveAttribute("aria-invalid", "true")
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: info.outputPath("refused.png") })
  await page.reload()
  await expect(alert.locator("mark")).toHaveText("many")

  await box(page).fill("steps:>2")
  await page.keyboard.press("Enter")
  await expect(alert).toHaveCount(0)
  await expect(page.locator("[role=row] a").first()).toBeVisible()
})

test("fields and values are completed with the keyboard, and the address keeps the query", async ({
  page,
  request,
}) => {
  const said = listen(page)
  const facets = await (await request.get("/api/traces/facets?query=verdict:wrong")).json()
  await page.goto("/traces")
  await settled(page)

  await page.keyboard.press("/")
  await page.keyboard.type("verd")
  await expect(page.getByRole("option", { name: /^verdict:/ })).toBeVisible()
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await page.keyboard.type("wr")
  await expect(page.getByRole("option", { name: "wrong" })).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await page.keyboard.press("Enter")

  await expect(page).toHaveURL(/query=verdict(:|%3A)wrong/)
  await expect(total(page)).toHaveText(facets.total.toLocaleString("en"))
  await expect(page.getByRole("button", { name: /^Wrong/ })).toHaveAttribute("aria-pressed", "true")
  expect(said).toEqual([])
})

test("choices edit the query, and an address from before it still leads there", async ({ page }) => {
  await page.goto("/traces?verdict=wrong")
  await expect(box(page)).toHaveValue("verdict:wrong")

  await page.getByRole("button", { name: /^Right/ }).click()
  await expect(box(page)).toHaveValue("verdict:right")
  const source = page.getByRole("combobox", { name: "Source" })
  const value = (await source.locator("option").nth(1).getAttribute("value")) as string
  await source.selectOption(value)
  await expect(box(page)).toHaveValue(new RegExp(`^verdict:right source:"?${value}"?$`))
  await page.getByRole("button", { name: "Clear filters" }).click()
  await expect(page).toHaveURL(/\/traces$/)
})

test("only a query with words can be ordered by how well it is answered", async ({ page }) => {
  await page.goto("/traces?query=verdict:right")
  await settled(page)
  await expect(page.getByRole("combobox", { name: "Order" })).toHaveCount(0)

  await box(page).fill("add")
  await page.keyboard.press("Enter")
  await page.getByRole("combobox", { name: "Order" }).selectOption("rank")

  await expect(page).toHaveURL(/order=rank/)
  await expect(page.locator("[role=row] a").first()).toContainText("add")
})
