/** The fraction of correct classes: like Keras, with one unit by a threshold of 0.5, with several by the largest. */
import { callsTo } from '../../language/calls.ts'
import { answerProbabilities } from '../../language/fit.ts'
import { withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'
import { scriptOfClasses } from './fields.ts'
import { defineMetric, metricCall } from '../../language/metricDef.ts'

const run = callsTo<typeof import('./binaryAccuracy.run.ts')>()

export const accuracy = defineMetric({
  aliases: { same: ['acc'] },
  schema: withoutOptions('The fraction of samples whose class is predicted correctly.'),
  usualFor: { labels: 'classes', reports: 'the fraction predicted correctly' },
  labels: { classes: 'suited', binary: 'suited' },
  takesLogits: true,
  lower: () => metricCall('accuracy'),
  script: (options, output) => {
    const { targets, predictions, units, logits } = output
    if (units > 1) return scriptOfClasses(options, output)
    return eachOf(run('binaryAccuracy', targets, predictions, { threshold: logits && 0 }))
  },
  predictions: (_options, units) => (units === 1 ? answerProbabilities : undefined),
})
