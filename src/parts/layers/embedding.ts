/** Maps each number of a vocabulary to a learned vector. */
import * as Type from 'typebox'
import { lengthMismatch, noGradient } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, type Dim, type Shape } from '../../language/dims.ts'
import {
  activityRegularizer,
  constraintField,
  count,
  flag,
  initializerField,
  regularizerField,
} from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'

const length = { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] }

const schema = fieldsOf(
  {
    inputDim: count('The number of distinct values: the largest plus 1.', 10_000),
    outputDim: count('The length of the vector for each number.', 64),
    embeddingsInitializer: initializerField('vectors', 'randomUniform'),
    embeddingsRegularizer: regularizerField('vectors'),
    embeddingsConstraint: constraintField('vectors'),
    maskZero: flag('Whether 0 is padding that later recurrent layers skip.', false),
    inputLength: Type.Optional(
      Type.Unsafe<number | readonly (number | null)[]>({
        description: 'The number of values per sample, if the input leaves it open: one size, or one per axis.',
        examples: [100],
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'array', items: length, minItems: 1 },
        ],
      }),
    ),
    activityRegularizer,
  },
  'Maps each whole number of its input, for example a word, to a learned vector.',
)

/** Whether a sample may have these lengths; null and unknown sizes fit any. */
function fitLengths(lengths: readonly (number | null)[], sample: Shape): boolean {
  return (
    lengths.length === sample.length &&
    lengths.every((size, axis) => size === null || !isKnown(sample[axis]) || size === sample[axis])
  )
}

export const embedding = defineLayer({
  aliases: {
    same: ['nn.Embedding'],
    options: {
      inputDim: { same: ['num_embeddings', 'vocab_size', 'vocabulary_size', 'max_tokens'] },
      outputDim: { same: ['embedding_dim', 'embedding_size', 'dimension'] },
    },
  },
  schema,
  countsValues: 'inputDim',
  masks: ({ maskZero }) => ({ makes: maskZero }),
  shape(options, [numbers]) {
    if (options.inputLength === undefined) return ok([...numbers, options.outputDim])
    const lengths = [options.inputLength].flat()
    if (!fitLengths(lengths, numbers)) {
      const facts = { option: 'inputLength', stated: lengths.map(String).join('x'), input: formatShape(numbers) }
      return problem({
        ...lengthMismatch(facts),
        option: 'inputLength',
        suggestions: [{ kind: 'remove', option: 'inputLength' }],
      })
    }
    const sizes: Dim[] = lengths.map((size, axis) => size ?? numbers[axis]!)
    return ok([...sizes, options.outputDim])
  },
  weights: ({ inputDim, outputDim }) => [{ name: 'embeddings', shape: [inputDim, outputDim], trainable: true }],
  flops: () => 0,
  missingGradient() {
    const why = 'it maps whole numbers, which have no gradient'
    const help = 'make it the first layer with weights'
    return { ...noGradient({ layer: 'embedding', why, help }), ownWeights: false }
  },
  lower(options, { inputs: [numbers] }) {
    const { inputLength, ...others } = given(schema, options)
    const lengths = [inputLength ?? []].flat()
    // The engine would fill a null of `inputLength` with the size of the first input, for all uses of the layer. So the
    // option is dropped, unless it gives a size that is unknown in the input.
    const isNeeded =
      !lengths.includes(null) ||
      !fitLengths(lengths, numbers) ||
      lengths.some((size, axis) => size !== null && !isKnown(numbers[axis]))
    if (inputLength === undefined || !isNeeded) return layerCall('embedding', others)
    // The factory accepts null for an unknown size, though its type does not.
    return layerCall('embedding', { ...others, inputLength: inputLength as number | readonly number[] })
  },
})
