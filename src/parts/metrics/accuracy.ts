/** The share of classes that are right, as Keras picks it: of one unit by 0.5, of several by the largest. */
import { answerProbabilities } from '../../language/fit.ts'
import { withoutOptions } from '../../language/lossDef.ts'
import { call } from '../../language/expression.ts'
import { eachOf } from '../../language/scriptForms.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const accuracy = defineMetric('accuracy', {
  aliases: { same: ['acc'] },
  schema: withoutOptions('The part of the samples whose class is predicted right.'),
  usualFor: { labels: 'classes', says: 'how many are right' },
  labels: { classes: 'well', binary: 'well' },
  takesLogits: true,
  script: (_options, { labels, predictions, units, hasRows }) => {
    if (units === 1) return eachOf('binaryAccuracy', labels, predictions)
    const classes = hasRows ? call('tf.argMax', labels, -1) : labels
    return eachOf('tf.equal', call('tf.argMax', predictions, -1), classes)
  },
  predictions: (_options, units) => (units === 1 ? answerProbabilities : undefined),
})
