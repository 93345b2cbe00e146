/** Encodes whole numbers as vectors of zeros and ones, or of counts. */
import { callsTo } from '../../language/calls.ts'
import { noGradient, oneNumberOnly } from '../../diagnostics/shapeMessages.ts'
import { formatShape } from '../../language/dims.ts'
import { checkEngineLimits } from '../../language/engineLimits.ts'
import { count, oneOf } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'

const call = callsTo<typeof import('./preprocessing.run.ts')>()

const schema = fieldsOf(
  {
    numTokens: count('The number of distinct values: the largest plus 1.', 10),
    outputMode: withDefault(
      oneOf(['multiHot', 'oneHot', 'count', 'int', 'tfIdf'] as const, {
        description:
          '`multiHot`: 1 for each number that occurs. `oneHot`: the same for a single number. `count`: how often each number occurs. `int` and `tfIdf` are not implemented.',
        examples: ['oneHot'],
      }),
      'multiHot',
    ),
  },
  'Encodes whole numbers as a vector of numTokens values.',
)

export const categoryEncoding = defineLayer({
  schema,
  countsValues: 'numTokens',
  shape({ numTokens, outputMode }, [numbers]) {
    const limit = checkEngineLimits('categoryEncoding', [
      { option: 'outputMode', applies: outputMode === 'int', why: '`int` returns its input unchanged' },
      {
        option: 'outputMode',
        applies: outputMode === 'tfIdf',
        why: '`tfIdf` needs weights, for which there is no option',
      },
    ])
    const misfit = limit ?? checkInputKind('categoryEncoding', 'vector', numbers)
    if (misfit) return misfit
    if (outputMode === 'oneHot' && numbers[0] !== 1) {
      const suggestions = [{ kind: 'set', option: 'outputMode', value: 'multiHot' }] as const
      return problem({ ...oneNumberOnly(formatShape(numbers)), option: 'outputMode', suggestions })
    }
    return ok([numTokens])
  },
  weights: () => [],
  flops: () => 0,
  missingGradient() {
    const why = 'it counts whole numbers, which have no gradient'
    const help = 'move it before the first layer with weights'
    return { ...noGradient({ layer: 'categoryEncoding', why, help }), ownWeights: false }
  },
  lower: (options) => call('categoryEncodingLayer', given(schema, options)),
})
