import { expect } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { printExpanded } from '../../src/compose/expandedSpec.ts'
import { trimBlock } from '../validation/brokenSpecs/brokenSpec.ts'

/** The layers that a spec expands to, one a line. It must have no mistake. */
export function layersOf(text: string): string {
  const analysis = checkText(`name: net\ninput: { shape: [8] }\n${trimBlock(text)}`, 'net.yaml')
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  const plain = printExpanded(analysis.source, false)
  const again = checkText(plain, 'plain.yaml')
  expect(again.shaped.nodes.map(({ name, shape }) => [name, shape])).toEqual(
    analysis.shaped.nodes.map(({ name, shape }) => [name, shape]),
  )
  return plain.slice(plain.indexOf('layers:\n') + 'layers:\n'.length)
}
