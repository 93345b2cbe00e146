/** Draws a random layer on small inputs, as a spec whose network is only that layer. */
import { analyze, type Analysis } from '../../src/analyze.ts'
import { isKnown, productOf, type Shape } from '../../src/language/dims.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { yamlText } from '../../src/source/edits.ts'
import { drawOptions } from './randomOptions.ts'
import type { RandomSource } from './randomSource.ts'
import { isCheap, shapeOf } from './randomSpec.ts'

export interface DrawnLayer {
  readonly type: string
  readonly text: string
  readonly analysis: Analysis
}

/** How often a layer that does not fit is thrown away for another. */
const patience = 4000
/** Inputs, outputs and weights with more values would take too long in numerical differentiation. */
const mostValues = 300

/** Draws a layer that the checker accepts; undefined if all tries fail. */
export function drawLayer(type: string, random: RandomSource): DrawnLayer | undefined {
  for (let attempt = 0; attempt < patience; attempt += 1) {
    const inputs = drawInputs(type, random)
    const options = drawOptions(type, inputs, random)
    const shape = shapeOf(type, options, inputs)
    if (shape === undefined || !isCheap(type, options, inputs, shape, mostValues)) continue
    const text = specOf(type, inputs, options)
    const analysis = analyze(text, 'fuzz.yaml')
    if (analysis.shaped.complete && !analysis.diagnostics.some(({ severity }) => severity === 'error'))
      return { type, text, analysis }
  }
  return undefined
}

function drawInputs(type: string, random: RandomSource): Shape[] {
  const { least, most } = layerDef(type).arity
  const count = random.integer(least, Math.min(most, least + 1))
  const first = drawSizes(random)
  // Most merges require equal shapes; for `concatenate` and `dot`, one axis may differ.
  return Array.from({ length: count }, (_item, index) =>
    index === 0 || random.chance(0.7) ? first : first.with(random.integer(0, first.length - 1), random.integer(1, 4)),
  )
}

/** Draws the sizes of a sample, up to three-dimensional images; a size of 1 is as likely as any. */
function drawSizes(random: RandomSource): number[] {
  for (;;) {
    const sizes = Array.from({ length: random.integer(1, 4) }, () => random.integer(1, 6))
    const values = productOf(sizes)
    if (isKnown(values) && values <= mostValues) return sizes
  }
}

function specOf(type: string, inputs: readonly Shape[], options: Record<string, unknown>): string {
  const names = inputs.map((_shape, index) => `input${index}`)
  const lines = inputs.map((shape, index) => yamlText({ input: { name: names[index], shape } }))
  const line = yamlText({ [type]: { name: 'layer', inputs: names, ...options } })
  return `name: fuzz\nlayers:\n${[...lines, line].map((one) => `  - ${one}\n`).join('')}`
}
