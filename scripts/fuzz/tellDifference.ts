/** A difference between checker and engine, as a person reads it, with the spec that shows it. */
import { formatShape } from '../../src/layers/dims.ts'
import type { SpecFinding } from './fuzzSpecs.ts'

export function tellDifference({ index, text, difference }: SpecFinding): string {
  const { kind, type, message, inputShapes, code } = difference
  const refusal = code === undefined ? '' : `, which the checker refuses by ${code}`
  return `spec ${index}: ${kind}: ${type} on ${inputShapes.map(formatShape).join(' and ')}${refusal}: ${message}\n${text}`
}
