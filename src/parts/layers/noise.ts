/** Fields of the layers that draw random numbers while training, and the check of `noiseShape`. */
import * as Type from 'typebox'
import { noiseMismatch } from '../../diagnostics/shapeMessages.ts'
import { formatShape, type Shape } from '../../language/dims.ts'
import { problem, type LayerProblem } from '../../language/layerDef.ts'

export const seedField = Type.Optional(
  Type.Integer({
    description: 'The seed of this layer. The default follows from the seed of the training.',
    examples: [1],
  }),
)

export function rateField(description: string) {
  return Type.Number({ description, minimum: 0, exclusiveMaximum: 1, examples: [0.5] })
}

export type NoiseShape = readonly (number | null)[]

const size = { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] }

export const noiseShapeField = Type.Optional(
  Type.Unsafe<NoiseShape>({
    description:
      'The shape of the random mask, the batch first: null is the size of the input, and 1 draws once for the whole axis. [null, 1, null] drops whole channels of a sequence.',
    examples: [[null, 1, null]],
    type: 'array',
    items: size,
    minItems: 1,
    maxItems: 7,
  }),
)

/** Undefined if the noise broadcasts to the input; otherwise the problem. The batch is unknown, so its size must be null or 1. */
export function noiseMisfit(
  noiseShape: NoiseShape | undefined,
  input: Shape,
): { ok: false; problem: LayerProblem } | undefined {
  if (noiseShape === undefined) return undefined
  const [batch, ...sizes] = noiseShape
  const fits =
    (batch === null || batch === 1) &&
    sizes.length === input.length &&
    sizes.every((one, axis) => one === null || one === 1 || one === input[axis])
  if (fits) return undefined
  const stated = noiseShape.map(String).join(', ')
  return problem({
    ...noiseMismatch({ stated, input: formatShape(input), axes: input.length + 1 }),
    option: 'noiseShape',
    suggestions: [{ kind: 'remove', option: 'noiseShape' }],
  })
}
