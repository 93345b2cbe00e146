/** A dataset of comma-separated values: each row is a sample. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { choiceAmong, fieldsOf, readChoice, withDefault, type ChoiceValue } from '../../language/schema.ts'
import { defaultMaxCategories, type CsvColumn, type CsvForm } from '../../runtime/formats/csvTable.ts'
import { describeCsv } from './csvFacts.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { probeFile, missingFiles } from './describeFiles.ts'
import { yamlKey } from '../../runtime/formats/csvProblems.ts'
import { holdOutForTesting, pathField, testSplitField } from '../../language/datasetFields.ts'

const load = callsTo<typeof import('./csv.fast.ts')>()
const read = callsTo<typeof import('./csv.run.ts')>()

const categories = (what: string) =>
  fieldsOf(
    {
      values: Type.Optional(
        Type.Array(Type.String(), {
          description: 'The categories in order. The default is the sorted categories of the file.',
          minItems: 1,
          examples: [['red', 'green', 'blue']],
        }),
      ),
    },
    what,
  )

const columnTable = {
  number: { schema: fieldsOf({}, 'A number.') },
  oneHot: { schema: categories('A category as one input per value: 1 for the value of the row and 0 for the others.') },
  index: { schema: categories('A category as its index, starting at 0, as `embedding` takes it.') },
  ignore: { schema: fieldsOf({}, 'Not an input of the network.') },
}

const schema = fieldsOf(
  {
    path: pathField('The file: column names in the first row, then one sample per row.', 'data/iris.csv'),
    label: Type.String({ description: 'The name of the column to predict.', examples: ['species'] }),
    labels: Type.Optional(
      oneOf(['classes', 'values'] as const, {
        description: 'What the labels are. The default is `values` if all are numbers, and `classes` otherwise.',
        examples: ['classes'],
      }),
    ),
    columns: Type.Optional(
      Type.Unsafe<Readonly<Record<string, ChoiceValue>>>({
        description:
          'The type of each column. The default is `number` if all cells are numbers, and `oneHot` otherwise. Columns with cells that are probably neither, such as typos among numbers, dates or e-mail addresses, are errors until they are declared here.',
        examples: [{ colour: 'index', id: 'ignore' }],
        type: 'object',
        additionalProperties: choiceAmong(columnTable, 'The type of a column.'),
        patternProperties: { '^x-': {} },
      }),
    ),
    normalize: withDefault(
      oneOf(['standard', 'minMax', 'none'] as const, {
        description:
          'How to scale numbers, per column, fitted to the training samples: `standard` to mean 0 and standard deviation 1, `minMax` to the range 0 to 1.',
        examples: ['minMax'],
      }),
      'standard',
    ),
    maxCategories: withDefault(
      Type.Integer({
        description: 'The largest number of categories of a column that `columns` does not declare.',
        minimum: 1,
        maximum: 100_000,
        examples: [200],
      }),
      defaultMaxCategories,
    ),
    delimiter: withDefault(
      oneOf([',', ';', '\t', '|'] as const, { description: 'The field separator.', examples: [';'] }),
      ',',
    ),
    decimal: withDefault(
      oneOf(['.', ','] as const, {
        description:
          'The decimal separator. If fields are separated by commas, numbers with a decimal comma must be quoted.',
        examples: [','],
      }),
      '.',
    ),
    names: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The names of the columns, if the first row is a sample.',
        minItems: 2,
        examples: [['length', 'width', 'species']],
      }),
    ),
    validation: Type.Optional(pathField('A file of validation samples.', 'data/validation.csv')),
    test: Type.Optional(pathField('A file of test samples.', 'data/test.csv')),
    testSplit: testSplitField,
  },
  'A table of comma-separated values. Each row is a sample, and one column is its label.',
)

export const csv = defineDataset({
  schema,
  paths: ['path', 'validation', 'test'],
  isFile: true,
  isTable: true,
  newSamples: ({ delimiter, decimal, names }) => ({ delimiter, decimal, ...(names && { names }) }),
  describe: (options, probe) => {
    const kept = options.test === undefined ? 1 - options.testSplit : 1
    const { host } = probe
    const found = probeFile(host, options.path, 'path', () => describeCsv(options.path, formOf(options), kept, probe))
    const scaled = found.columns?.find(({ type, isLabel }) => type === 'number' && !isLabel)
    const isScaled = scaled !== undefined && options.normalize !== 'none'
    const fractions = `\`normalize: ${options.normalize}\` scales the column ${yamlKey(scaled?.name ?? '')}`
    const known = isScaled ? { ...found, fractions } : found
    const facts = missingFiles(host, known, options, ['validation', 'test'])
    return options.validation === undefined ? facts : { ...facts, hasValidation: true }
  },
  lower: (options) => {
    const { path, validation, test, testSplit, normalize } = options
    const form = {
      path,
      validation,
      test,
      ...formOf(options),
      ...(testSplit > 0 && { testSplit }),
      ...(normalize !== 'standard' && { normalize }),
    }
    return load('loadCsv', form, reference('folder'))
  },
  script: (options, facts) => {
    const { path, validation, test, delimiter, decimal, names, testSplit } = options
    const { columns } = facts
    if (columns === undefined || facts.unknown !== undefined) return undefined
    const label = columns.find(({ isLabel }) => isLabel)!
    const areNumbers = label.values?.every((text) => Number.isSafeInteger(Number(text)))
    const classes = areNumbers ? label.values!.map(Number) : label.values
    const inputs = columns
      .filter(({ isLabel, type }) => !isLabel && type !== 'ignore')
      .map(({ name, type, values }) => (type === 'number' ? { name } : { name, [type]: values }))
    const table = { inputs, label: label.name, classes, delimiter, decimal, names }
    const files = { train: path, validation, test }
    return holdOutForTesting(
      awaited(read('readCsv', files, table, reference('folder'))),
      test === undefined ? testSplit : 0,
    )
  },
  scriptFit: ({ normalize }, { columns = [] }, data) => {
    const seen = columns.filter(({ isLabel, type }) => !isLabel && type !== 'ignore')
    const starts = seen.map((_, at) => seen.slice(0, at).reduce((sum, { inputs }) => sum + inputs, 0))
    const numbers = starts.filter((_, at) => seen[at]!.type === 'number')
    if (normalize === 'none' || numbers.length === 0) return data
    return read(normalize === 'standard' ? 'standardize' : 'scaleToUnit', data, numbers)
  },
})

/** The options of the reader, without those that are the default. */
function formOf({
  label,
  labels,
  columns,
  maxCategories,
  delimiter,
  decimal,
  names,
}: {
  readonly label: string
  readonly labels?: 'classes' | 'values' | undefined
  readonly columns?: Readonly<Record<string, ChoiceValue>> | undefined
  readonly maxCategories: number
  readonly delimiter: string
  readonly decimal: '.' | ','
  readonly names?: readonly string[] | undefined
}): CsvForm {
  const stated = Object.entries(columns ?? {}).flatMap(([name, value]) => {
    if (name.startsWith('x-')) return []
    const { type, options } = readChoice(value)
    return [[name, { type, ...options } as CsvColumn] as const]
  })
  return {
    label,
    ...(labels !== undefined && { labels }),
    ...(stated.length > 0 && { columns: Object.fromEntries(stated) }),
    ...(maxCategories !== defaultMaxCategories && { maxCategories }),
    ...(delimiter !== ',' && { delimiter }),
    ...(decimal !== '.' && { decimal }),
    ...(names !== undefined && { names }),
  }
}
