/** Writes the logs to a CSV file, as Keras's CSVLogger. */
import { callsTo } from '../../language/calls.ts'
import { given } from '../../language/lowerOptions.ts'
import { express } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'

const call = callsTo<typeof import('./csvLog.fast.ts')>()

const schema = fieldsOf(
  {
    separator: withDefault(
      oneOf([',', ';', '\t', '|'] as const, { description: 'The field separator.', examples: [';'] }),
      ',',
    ),
  },
  'Writes the logs of each epoch to `metrics.csv` in the run folder.',
)

export const csvLog = defineCallback({
  aliases: { same: ['CSVLogger'] },
  schema,
  example: {},
  lower: (options) => call('csvLog', given(schema, options)),
  script: ({ separator }) => {
    const line = "join(folder, 'metrics.csv'), { epoch, ...logs, seconds }"
    if (separator === ',') return { afterEpoch: `appendCsvLine(${line})` }
    return { constants: { separator: express(separator) }, afterEpoch: `appendCsvLine(${line}, { separator })` }
  },
})
