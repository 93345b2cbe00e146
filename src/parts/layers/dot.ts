/** The dot product of two inputs along an axis of each. */
import * as Type from 'typebox'
import { dotMismatch, wrongRank } from '../../diagnostics/shapeMessages.ts'
import { noSuchAxis, sampleAxis } from '../../language/axes.ts'
import { formatShape, isKnown, knownSize, sameDim, type Shape } from '../../language/dims.ts'
import { flag } from '../../language/fields.ts'
import { defineLayer, ok, problem, type Result } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

const schema = fieldsOf(
  {
    axes: Type.Unsafe<number | readonly [number, number]>({
      description: 'The axis of each input to sum over, counting the batch as 0: one number for both, or two.',
      examples: [1, [1, 2]],
      anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 }],
    }),
    normalize: flag('Whether to normalize both inputs to length 1 first, which gives the cosine similarity.', false),
  },
  'The dot product of two inputs, vectors or matrices, along an axis of each.',
)

/** The two axes, counted from 0 without the batch, or the problem that an input lacks one. */
function axesOf(
  axes: number | readonly [number, number],
  [left, right]: readonly [Shape, Shape],
): Result<readonly [number, number]> {
  const [ofLeft, ofRight] = typeof axes === 'number' ? [axes, axes] : axes
  const [a, b] = [sampleAxis(ofLeft, left.length), sampleAxis(ofRight, right.length)]
  if (a === undefined) return noSuchAxis('axes', ofLeft, left)
  return b === undefined ? noSuchAxis('axes', ofRight, right) : ok([a, b])
}

export const dot = defineLayer({
  aliases: { near: ['matmul'] },
  schema,
  arity: { least: 2, most: 2 },
  shape({ axes }, inputs) {
    const [left, right] = inputs
    const tooLarge = inputs.find((shape) => shape.length > 2)
    if (tooLarge) {
      const got = `${formatShape(tooLarge)} (${tooLarge.length} axes)`
      const help = 'add `flatten` or `reshape` before it'
      return problem(wrongRank({ layer: 'dot', wants: 'vectors or matrices', got, help }))
    }
    const found = axesOf(axes, inputs)
    if (!found.ok) return found
    const [a, b] = found.value
    if (!sameDim(left[a]!, right[b]!) && (isKnown(left[a]) || isKnown(right[b]))) {
      const facts = { left: formatShape(left), right: formatShape(right), leftAxis: a + 1, rightAxis: b + 1 }
      return problem({ ...dotMismatch(facts), option: 'axes', suggestions: [] })
    }
    const output = [...left.filter((_size, axis) => axis !== a), ...right.filter((_size, axis) => axis !== b)]
    return ok(output.length === 0 ? [1] : output)
  },
  weights: () => [],
  flops({ axes }, inputs, output) {
    const found = axesOf(axes, inputs)
    const summed = found.ok ? inputs[0][found.value[0]]! : 0
    return isKnown(summed) ? 2 * knownSize(output) * summed : 0
  },
  inputsAgreeIn: (options) => (typeof options.axes === 'number' ? undefined : 'rank'),
  /** The engine does not accept negative axes in a list (merge.js, `Dot.computeOutputShape`), so they are counted from 0. */
  lower({ axes, normalize }, { inputs }) {
    const found = typeof axes === 'number' ? undefined : axesOf(axes, inputs)
    const counted = found?.ok ? ([found.value[0] + 1, found.value[1] + 1] as const) : axes
    return layerCall('dot', given(schema, { axes: counted, normalize }))
  },
})
