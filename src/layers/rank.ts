/** The check that an input has the axes that a layer takes. */
import { wrongRank } from '../diagnostics/shapeMessages.ts'
import { formatShape, type Shape } from './dims.ts'
import { problem, type LayerProblem, type Suggestion } from './layerDef.ts'

const imageHelp = 'images are height x width x channels; `reshape` or the `shape` of the input can give these axes'

/** Undefined if `input` has three axes, height x width x channels; else why the layer cannot take it. */
export function notAnImage(layer: string, input: Shape): { ok: false; problem: LayerProblem } | undefined {
  if (input.length === 3) return undefined
  const got = `${formatShape(input)}, ${input.length === 1 ? '1 axis' : `${input.length} axes`}`
  return problem(wrongRank({ layer, wants: 'an image, height x width x channels', got, help: imageHelp }))
}

/** Offered where a layer takes vectors and an image came. */
export const flattenBefore: Suggestion = { kind: 'insertBefore', layer: 'flatten' }
