/** Differences, squared only where they are small. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

export const logcosh = defineLoss('logcosh', {
  schema: withoutOptions('The mean of log(cosh(difference)): about half its square where small, its size where large.'),
  signed: true,
  labels: { values: 'well', binary: 'oddly', classes: 'oddly' },
  script: (_options, { targets, predictions }) => eachOf('logcosh', targets, predictions),
})
