/** The share of classes that are right, as Keras picks it: of one unit by 0.5, of several by the largest. */
import { answerProbabilities } from '../../language/fit.ts'
import { withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'
import { scriptOfClasses } from './fields.ts'
import { defineMetric } from '../../language/metricDef.ts'

export const accuracy = defineMetric('accuracy', {
  aliases: { same: ['acc'] },
  schema: withoutOptions('The part of the samples whose class is predicted right.'),
  usualFor: { labels: 'classes', says: 'how many are right' },
  labels: { classes: 'well', binary: 'well' },
  takesLogits: true,
  script: (options, output) => {
    const { targets, predictions, units, logits } = output
    if (units > 1) return scriptOfClasses(options, output)
    return eachOf('binaryAccuracy', targets, predictions, ...(logits ? [{ threshold: 0 }] : []))
  },
  predictions: (_options, units) => (units === 1 ? answerProbabilities : undefined),
})
