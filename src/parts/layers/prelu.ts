/** A rectifier with a learned negative slope (He et al., 2015). */
import { unknownSize } from '../../diagnostics/shapeMessages.ts'
import * as Type from 'typebox'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { noSuchAxis, sampleAxis } from '../../language/axes.ts'
import { formatShape, isKnown, type Dim, type Shape } from '../../language/dims.ts'
import { defineElementwise } from './elementwise.ts'
import { constraintField, initializerField, regularizerField } from '../../language/fields.ts'
import { ok, problem } from '../../language/layerDef.ts'
import { fieldsOf } from '../../language/schema.ts'

const axis = { type: 'integer', minimum: 1 }

const schema = fieldsOf(
  {
    alphaInitializer: initializerField('slope', 'zeros'),
    alphaRegularizer: regularizerField('slope'),
    alphaConstraint: constraintField('slope'),
    sharedAxes: Type.Optional(
      Type.Unsafe<number | readonly number[]>({
        description:
          'The axes along which all values share a slope, counting the batch as 0; [1, 2] gives an image one slope per channel.',
        examples: [[1, 2]],
        anyOf: [axis, { type: 'array', items: axis, minItems: 1 }],
      }),
    ),
  },
  'x if it is positive, alpha · x if it is negative. alpha is learned for every value.',
)

function slopeShape(values: Shape, shared: number | readonly number[] | undefined): Dim[] {
  const axes = new Set([shared ?? []].flat())
  return values.map((size, index) => (axes.has(index + 1) ? 1 : size))
}

export const prelu = defineElementwise(schema, {
  example: { sharedAxes: [1, 2] },
  exampleInput: [28, 28, 3],
  aliases: { same: ['ParametricReLU'], near: ['nn.PReLU'], options: { sharedAxes: { near: ['num_parameters'] } } },
  role: 'activation',
  masks: () => ({ passes: true }),
  activation: () => 'prelu',
  shape({ sharedAxes }, [values]) {
    const missing = [sharedAxes ?? []].flat().find((one) => sampleAxis(one, values.length) === undefined)
    if (missing !== undefined) return noSuchAxis('sharedAxes', missing, values)
    if (slopeShape(values, sharedAxes).every(isKnown)) return ok(values)
    const what = 'all sizes along which slopes differ'
    return problem(unknownSize({ layer: 'prelu', what, input: formatShape(values) }))
  },
  inputsAgreeIn: () => 'shape',
  weights: ({ sharedAxes }, [values]) => [
    { name: 'alpha', shape: slopeShape(values, sharedAxes) as number[], trainable: true },
  ],
  lower: (options) => layerCall('prelu', given(schema, options)),
})
