/** Checks that the samples of a layer that takes whole numbers are numbers that it has. */
import { formatCount } from '../../diagnostics/formatCount.ts'
import type { IndexedInput } from '../../rules/indices.ts'
import { nameElement, Places, placeOf, type SampleCheck } from './finding.ts'

export function checkIndices({ node, option, count }: IndexedInput): SampleCheck {
  const places = new Places()
  let seen = 0
  let largest = 0
  return {
    take(split, sample, values) {
      seen++
      const element = values.findIndex((value) => Number.isFinite(value) && !isIndex(value, count))
      if (element < 0) return
      for (const value of values) if (Number.isInteger(value)) largest = Math.max(largest, value)
      places.add(() => placeOf(split, sample, `${nameElement(split, element)} is ${values[element]}`))
    },
    findings() {
      if (places.count === 0) return []
      const enlarge = largest >= count ? `; \`${option}: ${largest + 1}\` accepts all whole numbers of the samples` : ''
      return [
        {
          code: 'data/index-out-of-range',
          message: `${formatCount(places.count)} of ${formatCount(seen)} samples ${places.count === 1 ? 'has' : 'have'} a number that \`${node.name}\` does not accept: it takes whole numbers from 0 to ${formatCount(count - 1)}`,
          help: `fix these numbers or remove their samples${enlarge}`,
          evidence: places.evidence,
        },
      ]
    },
  }
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count
}
