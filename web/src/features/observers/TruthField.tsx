import { TRUTHS } from "@/features/observers/queries"
import { Labelled } from "@/ui/Labelled"

/** Who says what is right. */
export function TruthField() {
  return (
    <Labelled label="Who says what is right">
      <select name="truth" className="field">
        {Object.entries(TRUTHS).map(([truth, words]) => (
          <option key={truth} value={truth}>
            {words}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
