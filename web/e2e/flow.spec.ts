/** From a score down to the characters that are wrong, by mouse and by keyboard. */
import { expect, test } from "@playwright/test"
import { findPlaces, type Places } from "./places"
import { listen, settled, violations } from "./watching"

let places: Places
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  places = await findPlaces(request)
  await request.dispose()
})

test("a score opens to its evaluation, an item, the dataset, a trace and back to the dataset", async ({
  page,
}) => {
  const said = listen(page)
  await page.goto("/leaderboard")
  await settled(page)

  await page.getByRole("table").first().locator("tbody a").first().click()
  await expect(page).toHaveURL(/\/evaluations\//)
  await expect(page.getByText(/95% interval .* to/).first()).toBeVisible()

  const items = page.getByRole("list", { name: "Items" })
  await items.getByRole("button").first().click()
  await expect(page).toHaveURL(/item=/)
  await expect(items.getByText("Expected", { exact: true })).toBeVisible()
  await page.reload()
  await expect(items.getByRole("button", { expanded: true })).toHaveCount(1)

  await page.getByRole("main").getByRole("link", { name: places.dataset }).first().click()
  await expect(page).toHaveURL(/\/datasets\//)
  await page.getByRole("link", { name: /^Rows/ }).click()
  await page.getByRole("list", { name: "Traces" }).getByRole("link").first().click()
  await expect(page).toHaveURL(/\/traces\//)
  const about = page.getByRole("complementary", { name: "About this trace" })
  await expect(about.getByRole("link", { name: places.dataset })).toBeVisible()
  expect(said).toEqual([])
})

test("a wrong trace is found and read with the keyboard alone", async ({ page }) => {
  const said = listen(page)
  await page.goto("/traces?query=verdict:wrong")
  await page.locator("[role=row] a").first().waitFor()

  await page.keyboard.press("j")
  await page.keyboard.press("k")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/\/traces\/[^?]+\?.*at=0/)
  await page.getByRole("button", { name: /First wrong step/ }).waitFor()
  await page.keyboard.press("e")
  const step = page.locator("[data-current]")
  await expect(step).toBeVisible()
  await expect(step.locator("mark[data-outcome=wrong]").first()).toBeVisible()
  await page.keyboard.press("r")
  await expect(page).toHaveURL(/view=rendered/)
  await page.keyboard.press("Escape")
  await expect(page.locator("[role=row][aria-current]")).toHaveAttribute("aria-rowindex", "2")
  await expect(page).toHaveURL(/query=verdict(:|%3A)wrong/)
  expect(said).toEqual([])
})

test("another filter keeps the focus, and the last row is one key away", async ({ page, request }) => {
  const { total } = await (await request.get("/api/traces/facets")).json()
  await page.goto("/traces")
  await page.locator("[role=row] a").first().waitFor()

  await page.keyboard.press("End")
  await expect(page.locator(`[role=row][aria-rowindex="${total + 1}"][aria-current] a`)).toBeVisible()

  await page.keyboard.press("/")
  await page.keyboard.type("538")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/query=.*538/)
  await expect(page.getByRole("combobox", { name: "Search traces" })).toBeFocused()
  await page.getByRole("button", { name: "Clear filters" }).click()
  await expect(page).toHaveURL(/\/traces$/)
})

test("the marked characters are those that the server names", async ({ page, request }) => {
  const verdicts = await (await request.get(`/api/traces/${places.trace}/verdicts`)).json()
  const wrong = verdicts.steps.claims.find((claim: { outcome: string }) => claim.outcome === "wrong")

  await page.goto(`/traces/${places.trace}`)

  const mark = page.locator(`#step-${wrong.step} mark[data-outcome=wrong]`).first()
  await expect(mark).toHaveText(wrong.text)
})

test("nothing in a trace becomes markup or runs", async ({ page }) => {
  for (const view of ["", "?view=rendered"]) {
    await page.goto(`/traces/${places.trace}${view}`)
    await settled(page)
    expect(await page.locator("main img, main script, main iframe").count()).toBe(0)
    expect(await page.locator("main a[href^='javascript']").count()).toBe(0)
    expect(await page.evaluate(() => "__xss" in window)).toBe(false)
  }
})

test("a run draws its loss, shows its log, and its numbers as a table", async ({ page }) => {
  await page.goto(`/runs/${places.run}`)
  await page.locator("canvas").first().waitFor()

  await expect(page.getByText(/[\d,]+ of [\d,]+ points$/)).toBeVisible()
  await expect(page.getByRole("log")).toContainText(/\S/)
  await page.locator("summary", { hasText: "Numbers" }).first().click()
  await expect(page.getByRole("region", { name: /numbers$/ }).first()).toBeVisible()
  expect(await violations(page)).toEqual([])
})

test("a chart's axis can be read in both themes, also after the theme is changed", async ({ page }) => {
  await page.goto(`/runs/${places.run}`)
  await page.locator("canvas").first().waitFor()
  for (const theme of ["dark", "light", "dark"]) {
    await page.getByRole("combobox", { name: "Theme" }).selectOption(theme)
    await page.waitForTimeout(300)
    expect(await axisContrast(page), theme).toBeGreaterThan(4.5)
  }
})

/** The strongest contrast between the ink at the left edge of the chart and the page behind it. */
async function axisContrast(page: import("@playwright/test").Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas") as HTMLCanvasElement
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
      0,
      0,
      40,
      canvas.height,
    )
    const light = (rgb: number[]): number => {
      const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const ground = light((getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number))
    let best = 1
    for (let at = 0; at < data.length; at += 4) {
      if ((data[at + 3] as number) < 250) continue
      const ink = light([data[at] as number, data[at + 1] as number, data[at + 2] as number])
      best = Math.max(best, (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05))
    }
    return best
  })
}

for (const theme of ["light", "dark"] as const) {
  test(`the palette finds pages and gives the focus back (${theme})`, async ({ page }, info) => {
    const said = listen(page)
    await page.emulateMedia({ colorScheme: theme })
    await page.goto("/")
    await settled(page)

    await page.getByRole("button", { name: /Search or jump/ }).click()
    const input = page.getByRole("combobox", { name: "Search commands" })
    await expect(input).toBeFocused()
    await page.waitForTimeout(400)
    await page.screenshot({ path: info.outputPath(`palette-${theme}.png`) })
    expect(await violations(page)).toEqual([])
    await input.fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page).toHaveURL(/\/traces\?query=verdict(:|%3A)wrong/)

    await page.keyboard.press("Control+k")
    await input.fill("apple pie")
    await expect(page.getByRole("option", { name: /Find traces with/ })).toBeVisible()
    await page.keyboard.press("Escape")
    await expect(input).toBeHidden()
    expect(said).toEqual([])
  })

  test(`the sheet of keys turns single keys off and on (${theme})`, async ({ page }, info) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto("/traces")
    await settled(page)

    await page.keyboard.press("?")
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
    await page.waitForTimeout(300)
    await page.screenshot({ path: info.outputPath(`keys-${theme}.png`) })
    expect(await violations(page)).toEqual([])
    await page.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("r")
    await page.waitForTimeout(200)
    await expect(page).toHaveURL(/\/traces$/)
  })
}

test("on a narrow screen the menu unfolds and folds again", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto("/")
  await settled(page)

  await page.getByRole("button", { name: "Menu" }).click()
  expect(await violations(page)).toEqual([])
  await page.getByRole("link", { name: "Runs", exact: true }).click()

  await expect(page).toHaveURL(/\/runs$/)
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden()
})
