import { render } from "@testing-library/react"
import { expect, test } from "vitest"
import MathMd from "@/ui/MathMd"
import { Md } from "@/ui/Md"

const HOSTILE =
  "<img src=x onerror=alert(1)> ![beacon](https://e.org/p.png) <script>x</script> [a](javascript:alert(1)) [b](https://e.org)"

test("raw HTML, images and javascript links do not survive", () => {
  const { container } = render(<Md text={HOSTILE} spans={[]} />)
  expect(container.querySelector("img,script")).toBeNull()
  expect([...container.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual([
    "https://e.org",
  ])
})

test("a formula cannot carry a link or markup", () => {
  const text = "$\\href{javascript:alert(1)}{x}$ and $\\includegraphics{https://e.org/p.png}$"
  const { container } = render(<MathMd text={text} spans={[]} />)
  expect(container.querySelector("a,img,script")).toBeNull()
})

test("a span is wrapped exactly, inside bold too", () => {
  const text = "so **12 x 7 = 85** follows"
  const start = text.indexOf("85")
  const spans = [{ start, end: start + 2, outcome: "wrong", message: "it is 84" }]
  const { container } = render(<Md text={text} spans={spans} />)
  const mark = container.querySelector("strong mark")
  expect(mark?.textContent).toBe("85")
  expect(mark?.getAttribute("title")).toBe("it is 84")
})

test("a span inside a formula marks the whole formula", () => {
  const text = "so \\(12 \\cdot 7 = 85\\) follows"
  const start = text.indexOf("85")
  const spans = [{ start, end: start + 2, outcome: "wrong", message: "" }]
  const { container } = render(<MathMd text={text} spans={spans} />)
  expect(container.querySelector("mark .katex")).not.toBeNull()
})
