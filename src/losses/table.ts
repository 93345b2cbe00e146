/**
 * Every loss of the language. What it computes is `src/runtime/losses.ts`; here stands what fits it: which activations
 * the last layer may end in, and which labels it compares with.
 */
import { fieldsOf, type PartDef } from '../layers/schema.ts'

export interface LossDef extends PartDef {
  /** The activations whose values it is defined for; undefined where any will do. */
  readonly activations?: readonly string[]
  /** The labels it takes: classes by number, one of two classes, or values. */
  readonly labels: 'classes' | 'binary' | 'values'
}

const loss = (description: string, rest: Omit<LossDef, 'schema'>): LossDef => ({
  schema: fieldsOf({}, description),
  ...rest,
})

export const lossTable: Readonly<Record<string, LossDef>> = {
  categoricalCrossentropy: loss('Cross-entropy between probabilities and the true class, one of several.', {
    activations: ['softmax'],
    labels: 'classes',
  }),
  sparseCategoricalCrossentropy: loss('The same as categoricalCrossentropy; labels stay numbers of classes.', {
    activations: ['softmax'],
    labels: 'classes',
  }),
  binaryCrossentropy: loss('Cross-entropy of a probability, or of several that exclude each other not.', {
    activations: ['sigmoid', 'hardSigmoid'],
    labels: 'binary',
  }),
  meanSquaredError: loss('The mean of squared differences.', { labels: 'values' }),
}
