/** A table of the logs, for spreadsheets: Keras's CSVLogger. */
import { call } from '../layers/expression.ts'
import { oneOf } from '../layers/fields.ts'
import { fieldsOf, withDefault } from '../layers/schema.ts'
import { defineCallback } from './callbackDef.ts'

const schema = fieldsOf(
  {
    separator: withDefault(
      oneOf([',', ';', '\t', '|'] as const, { description: 'What stands between two values.', examples: [';'] }),
      ',',
    ),
  },
  'Writes the logs of each epoch to `metrics.csv` in the folder of the run.',
)

export const csvLog = defineCallback({
  schema,
  lower: ({ separator }) => (separator === ',' ? call('csvLog') : call('csvLog', { separator })),
})
