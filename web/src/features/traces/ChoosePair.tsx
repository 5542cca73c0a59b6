import { type FormEvent, useState } from "react"

interface Props {
  a: string
  b: string
  onChoose: (a: string, b: string) => void
}

/** Which two traces: their ids, where the list did not give them. */
export function ChoosePair(props: Props) {
  const [a, setA] = useState(props.a)
  const [b, setB] = useState(props.b)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (a.trim() && b.trim()) props.onChoose(a.trim(), b.trim())
  }
  const field = "field font-mono text-sm w-full"
  return (
    <form onSubmit={submit} className="mx-auto flex w-full max-w-lg flex-col gap-3 p-8">
      <p className="text-muted">
        Pick two traces in the list with <kbd className="kbd">x</kbd>, then Compare. Or give their ids:
      </p>
      <label className="flex flex-col gap-1">
        A
        <input className={field} value={a} onChange={(event) => setA(event.target.value)} />
      </label>
      <label className="flex flex-col gap-1">
        B
        <input className={field} value={b} onChange={(event) => setB(event.target.value)} />
      </label>
      <button type="submit" className="btn self-start" disabled={!a.trim() || !b.trim()}>
        Compare
      </button>
    </form>
  )
}
