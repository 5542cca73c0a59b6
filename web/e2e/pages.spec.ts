/** Every page, in both themes and on a narrow screen. */
import { expect, type Page, test } from "@playwright/test"
import { addresses, findPlaces, type Places } from "./places"
import { brokenInBothThemes, brokenWhenNarrow, listen, settled } from "./watching"

// One tab shows them all: a new one for each would cost three times the work of its page.
let page: Page
let said: string[]
let places: Places
test.beforeAll(async ({ browser, playwright, baseURL }) => {
  page = await browser.newPage(baseURL ? { baseURL } : {})
  said = listen(page)
  const request = await playwright.request.newContext(baseURL ? { baseURL } : {})
  places = await findPlaces(request)
  await request.dispose()
})

const NOWHERE = { trace: "", run: "", practice: "", evaluation: "", dataset: "", model: "", court: "" }
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

for (const name of names) {
  test(`${name} keeps the accessibility rules in both themes and on a narrow screen, in a quiet console`, async () => {
    await page.goto("about:blank")
    said.length = 0
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.emulateMedia({ colorScheme: "light" })
    await page.goto(address(name))
    await settled(page)

    expect(await brokenInBothThemes(page)).toEqual([])
    expect(await brokenWhenNarrow(page)).toEqual([])

    const expected = EXPECTED[name] ?? /^$/
    expect(said.filter((line) => !expected.test(line))).toEqual([])
  })
}
