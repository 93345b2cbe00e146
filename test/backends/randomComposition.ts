/** Draws composed specs at random: blocks in blocks, repeats in repeats, conditions, and expressions. */
import { createRandom } from '../../src/script/random.ts'

/** Returns the text of a spec; equal seeds give equal specs. */
export function randomComposition(seed: number): string {
  const random = createRandom(seed)
  const below = (count: number) => Math.floor(random() * count)
  const oneOf = <T>(items: readonly T[]): T => items[below(items.length)]!
  const isChosen = (share: number) => random() < share

  /** A layer that keeps the shape, or a dense one. */
  const layer = (numbers: readonly string[]) =>
    oneOf([
      () => `dense: { units: ${oneOf(numbers)}, activation: ${oneOf(['relu', 'tanh', 'linear'])} }`,
      () => `dense: { units: ${oneOf(numbers)}, useBias: ${oneOf(['true', 'false'])} }`,
      () => 'reLU: {}',
      () => 'batchNormalization: {}',
      () => `dropout: { rate: ${oneOf(['0.25', '0.5'])} }`,
    ])()
  const call = (block: string, numbers: readonly string[], flags: readonly string[]) => {
    const args = [`units: ${oneOf(numbers)}`]
    if (isChosen(0.5)) args.push(`wide: ${oneOf(flags)}`)
    if (isChosen(0.4)) args.push(`count: ${oneOf(['1', '2', '3'])}`)
    return `${block}: { ${args.join(', ')} }`
  }
  /** @param blocks The blocks that the list may call. */
  const list = (
    blocks: readonly string[],
    numbers: readonly string[],
    flags: readonly string[],
    depth: number,
  ): string[] =>
    Array.from({ length: 1 + below(3) }, () => {
      const choice = random()
      if (choice < 0.35 && blocks.length > 0) return `- ${call(oneOf(blocks), numbers, flags)}`
      if (choice < 0.55 && depth < 2) {
        const counter = `n${depth}`
        const head = oneOf([
          `times: ${oneOf(['2', '3'])}, as: ${counter}`,
          `over: [3, 4, 6], as: ${counter}`,
          ...(flags.length > 2 ? ['times: $count'] : []),
        ])
        const inner = head.includes('as') ? [...numbers, `$(${counter} + 2)`] : numbers
        return `- repeat: { ${head}, layers: [${list(blocks, inner, flags, depth + 1)
          .map((item) => `{ ${item.slice(2)} }`)
          .join(', ')}] }`
      }
      const made = layer(numbers)
      if (choice < 0.7 && flags.length > 2)
        return `- ${made.replace(/ ?\}$/, `${made.endsWith('{}') ? ' ' : ', '}if: ${oneOf(['$wide', '$(not wide)', '$(units > 4)'])} }`)}`
      return `- ${made}`
    })
  const names = ['first', 'second', 'third'].slice(0, 1 + below(3))
  const inBlock = [
    '$units',
    '4',
    '$(2 * units)',
    '$(units + count)',
    '"$(units * 2 if wide else units)"',
    '$(units // 2 + 1)',
  ]
  const blocks = names.map((name, place) => {
    const layers = list(names.slice(0, place), inBlock, ['true', 'false', '$wide'], 0)
    const residual = isChosen(0.3)
      ? [
          '- dense: { name: out, units: $units }',
          '- dense: { name: skip, inputs: input, units: $units }',
          '- add: { inputs: [out, skip] }',
        ]
      : ['- dense: { units: $units }']
    return `  ${name}:\n    params: { units, wide: false, count: 2 }\n    layers:\n${[...layers, ...residual].map((item) => `      ${item}`).join('\n')}`
  })
  const layers = [
    ...Array.from({ length: 2 + below(3) }, () => `- ${call(oneOf(names), ['3', '5', '8'], ['true', 'false'])}`),
    ...list(names, ['3', '6'], ['true', 'false'], 0),
  ]
  return `name: random-${seed}\ninput: { shape: [6] }\nblocks:\n${blocks.join('\n')}\nlayers:\n${layers.map((item) => `  ${item}`).join('\n')}\n`
}
