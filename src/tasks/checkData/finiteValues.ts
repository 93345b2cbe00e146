/** Checks that all values and labels are finite: a single one that is not makes every weight NaN. */
import { formatCount } from '../../diagnostics/formatCount.ts'
import { nameElement, Places, placeOf, type DataFinding, type SampleCheck } from './finding.ts'

export function checkFiniteValues(): SampleCheck {
  const places = new Places()
  let seen = 0
  return {
    take(split, sample, values) {
      seen++
      const label = split.samples.labels[sample]!
      // Bytes are always finite.
      const element = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value))
      if (element >= 0) places.add(() => placeOf(split, sample, `${nameElement(split, element)} is ${values[element]}`))
      else if (!Number.isFinite(label)) places.add(() => placeOf(split, sample, `the label is ${label}`))
    },
    findings: () => (places.count === 0 ? [] : [nonFiniteValues(places, seen)]),
  }
}

function nonFiniteValues(places: Places, seen: number): DataFinding {
  const { count, evidence } = places
  return {
    code: 'data/not-finite',
    message: `${formatCount(count)} of ${formatCount(seen)} samples ${count === 1 ? 'contains' : 'contain'} a value that is NaN or infinite`,
    help: 'a single such value makes the weights NaN; the largest float32 is 3.4e38',
    evidence,
  }
}
