/** A fully connected layer, applied to the last axis. */
import { callsTo } from '../../language/calls.ts'
import { unknownSize } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, knownSize } from '../../language/dims.ts'
import { activation, activityRegularizer, biasFields, count, kernelFields } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'
import { pointReceptiveFields } from './window.ts'

const call = callsTo<typeof import('./elementwise.run.ts')>()

const schema = fieldsOf(
  { units: count('The number of output values.', 10), activation, ...kernelFields, ...biasFields, activityRegularizer },
  'A fully connected layer: each output is a weighted sum of all inputs. For inputs with several axes, it works on the last axis.',
)

export const dense = defineLayer({
  aliases: { same: ['nn.Linear', 'Linear'], near: ['FullyConnected', 'fc'] },
  role: 'affine',
  schema,
  masks: () => ({ passes: true }),
  shape(options, [values]) {
    if (values.length === 0 || !isKnown(values.at(-1))) {
      return problem(unknownSize({ layer: 'dense', what: 'the size of the last axis', input: formatShape(values) }))
    }
    return ok([...values.slice(0, -1), options.units])
  },
  weights(options, [values]) {
    const bias = { name: 'bias', shape: [options.units], trainable: true }
    const kernel = { name: 'kernel', shape: [values.at(-1) as number, options.units], trainable: true }
    return [kernel, ...(options.useBias ? [bias] : [])]
  },
  flops(_options, [values], output) {
    return 2 * knownSize(output) * (values.at(-1) as number)
  },
  receptiveFields: () => pointReceptiveFields,
  /** The layer of tf.layers can add a bias only to samples of at most 4 axes. */
  lower: (options, { inputs: [values] }) =>
    options.useBias && values.length > 4
      ? call('denseLayer', given(schema, options))
      : layerCall('dense', given(schema, options)),
})
