/** Checks that an input has the number of axes that a layer requires. */
import { countOf } from '../diagnostics/formatCount.ts'
import { wrongRank } from '../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, type Dim, type Shape } from './dims.ts'
import { problem, type LayerProblem, type Suggestion } from './layerDef.ts'

const kinds = {
  vector: { axes: 1, wants: 'a vector', help: 'add `flatten` or a global pooling layer before it' },
  sequence: {
    axes: 2,
    wants: 'a sequence (steps x values)',
    help: 'add `reshape`, `embedding` or a recurrent layer with `returnSequences: true` before it',
  },
  image: {
    axes: 3,
    wants: 'an image (height x width x channels)',
    help: 'add `reshape` before it, or change the `shape` of the input',
  },
  volume: {
    axes: 4,
    wants: 'a volume (depth x height x width x channels)',
    help: 'add `reshape` before it, or change the `shape` of the input',
  },
  imageSequence: {
    axes: 4,
    wants: 'a sequence of images (steps x height x width x channels)',
    help: 'add `reshape` before it, or change the `shape` of the input',
  },
} as const

export type InputKind = keyof typeof kinds

/** Undefined if `input` has the number of axes of `kind`; otherwise the problem. */
export function checkInputKind(
  layer: string,
  kind: InputKind,
  input: Shape,
): { ok: false; problem: LayerProblem } | undefined {
  const { axes, wants, help } = kinds[kind]
  if (input.length === axes) return undefined
  const got = `${formatShape(input)} (${countOf(input.length, 'axis', 'axes')})`
  return problem({ ...wrongRank({ layer, wants, got, help }), suggestions: suggestAxes(axes, kind, input) })
}

/** Undefined if `input` has three axes, height x width x channels; otherwise the problem. */
export function notAnImage(layer: string, input: Shape): { ok: false; problem: LayerProblem } | undefined {
  return checkInputKind(layer, 'image', input)
}

/** The suggestion for a layer that takes vectors and is applied to an image. */
const flattenBefore: Suggestion = { kind: 'insertBefore', layer: 'flatten' }

/** Suggests `flatten` for a vector, or `reshape` for an input that only lacks an axis of one channel. */
function suggestAxes(axes: number, kind: InputKind, input: Shape): readonly Suggestion[] {
  if (kind === 'vector') return [flattenBefore]
  if (kind === 'imageSequence' || input.length !== axes - 1) return []
  const targetShape = [...input.map(toTarget), 1]
  if (targetShape.filter((size) => size === -1).length > 1) return []
  return [{ kind: 'insertBefore', layer: { reshape: { targetShape } } }]
}

function toTarget(dim: Dim): number {
  return isKnown(dim) ? dim : -1
}
