/** A difference between checker and engine, as a person reads it, with the part of the spec that shows it. */
import { formatShape } from '../../src/layers/dims.ts'
import type { SpecFinding } from './fuzzSpecs.ts'

export function tellDifference({ index, shrunk, difference }: SpecFinding, seed: number): string {
  const { kind, type, message, inputShapes, code } = difference
  const refusal = code === undefined ? '' : `, which the checker refuses by ${code}`
  const what = `${kind}: ${type} on ${inputShapes.map(formatShape).join(' and ')}${refusal}: ${message}`
  return `${what}\nnpm run fuzz -- --specs 1 --seed ${seed} --from ${index}\n${shrunk}`
}
