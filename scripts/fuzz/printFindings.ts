/** Prints a finding of the fuzz with the part of the spec that shows it. */
import { formatShape } from '../../src/language/dims.ts'
import type { GradientFinding, TypeCount } from './fuzzGradients.ts'
import type { SpecFinding } from './fuzzSpecs.ts'

export function printDifference({ index, shrunk, difference }: SpecFinding, seed: number): string {
  const { kind, type, message, inputShapes, code } = difference
  const refusal = code === undefined ? '' : `, which the checker refuses by ${code}`
  const what = `${kind}: ${type} on ${inputShapes.map(formatShape).join(' and ')}${refusal}: ${message}`
  return `${what}\nnpm run fuzz -- --specs 1 --seed ${seed} --from ${index}\n${shrunk}`
}

export function printGradients({ index, type, text, batch, differences }: GradientFinding): string {
  const lines = differences.map(({ engine, message }) => `  ${engine}: ${message}\n`).join('')
  return `layer ${index}: ${type}, batch of ${batch}\n${lines}${text}`
}

export function printCounts(counts: ReadonlyMap<string, TypeCount>): string[] {
  return [...counts].map(([type, { trials, measured, kinked, untrained, refused }]) => {
    const notes = [
      ...(kinked > 0 ? [`${kinked} at kinks`] : []),
      ...(untrained > 0 ? [`${untrained} layers untrained`] : []),
      ...(refused > 0 ? [`${refused} refused by the checker`] : []),
    ]
    return `${type}: ${trials} layers, ${measured} gradients${notes.map((note) => `, ${note}`).join('')}`
  })
}
