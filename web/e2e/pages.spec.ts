/** Every page, in both themes and on a narrow screen. */
import { expect, test } from "@playwright/test"
import { addresses, findPlaces, type Places } from "./places"
import { listen, settled, sidewaysScroll, violations } from "./watching"

let places: Places
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  places = await findPlaces(request)
  await request.dispose()
})

const NOWHERE = { trace: "", run: "", evaluation: "", dataset: "", model: "", court: "" }
const names = Object.keys(
  addresses({
    ...NOWHERE,
    baseline: "",
    measured: "",
    job: "",
    pair: ["", ""] as [string, string],
    suite: "",
    curation: "",
    other: "",
  }),
)
const address = (name: string): string => addresses(places)[name] as string

/** What the browser says of an answer that is no success. */
const EXPECTED: Record<string, RegExp> = {
  "no-trace": /404|ApiError: Trace \S+ not found/,
  "traces-refused": /422/,
}

for (const theme of ["light", "dark"] as const) {
  for (const name of names) {
    test(`${name} keeps the accessibility rules and a quiet console (${theme})`, async ({ page }, info) => {
      const said = listen(page)
      await page.emulateMedia({ colorScheme: theme })

      await page.goto(address(name))
      await settled(page)

      await page.screenshot({ path: info.outputPath(`${name}-${theme}.png`) })
      expect(await violations(page)).toEqual([])
      const expected = EXPECTED[name] ?? /^$/
      expect(said.filter((line) => !expected.test(line))).toEqual([])
    })
  }
}

for (const name of names) {
  test(`${name} fits a screen of 390 pixels`, async ({ page }, info) => {
    await page.setViewportSize({ width: 390, height: 844 })

    await page.goto(address(name))
    await settled(page)

    await page.screenshot({ path: info.outputPath(`${name}-narrow.png`) })
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])
  })
}
