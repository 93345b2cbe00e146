/** Tables of comma-separated values. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { choiceAmong, fieldsOf, readChoice, withDefault, type ChoiceValue } from '../../language/schema.ts'
import { defaultMaxCategories, type CsvColumn, type CsvForm } from '../../runtime/formats/csvTable.ts'
import { describeCsv } from './csvFacts.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { lookInto, missingFiles } from './describeFiles.ts'
import { keptForTesting, pathField, testSplitField } from '../../language/datasetFields.ts'

const load = callsTo<typeof import('./csv.fast.ts')>()
const read = callsTo<typeof import('./csv.run.ts')>()

const categories = (what: string) =>
  fieldsOf(
    {
      values: Type.Optional(
        Type.Array(Type.String(), {
          description: 'The categories, in this order; by default those of the file, sorted.',
          minItems: 1,
          examples: [['red', 'green', 'blue']],
        }),
      ),
    },
    what,
  )

const columnTable = {
  number: { schema: fieldsOf({}, 'A number.') },
  oneHot: { schema: categories('A category: one input for each, 1 for that of the row and 0 for the others.') },
  index: { schema: categories('A category: its number, from 0 on, as `embedding` takes it.') },
  ignore: { schema: fieldsOf({}, 'Nothing that the network sees.') },
}

const schema = fieldsOf(
  {
    path: pathField('The file: the names of the columns in the first row, then a sample a row.', 'data/iris.csv'),
    label: Type.String({ description: 'The name of the column that is to be predicted.', examples: ['species'] }),
    labels: Type.Optional(
      oneOf(['classes', 'values'] as const, {
        description: 'What the labels are. By default values where all are numbers, and classes elsewhere.',
        examples: ['classes'],
      }),
    ),
    columns: Type.Optional(
      Type.Unsafe<Readonly<Record<string, ChoiceValue>>>({
        description:
          'What columns hold. By default `number` if all cells are numbers, and else `oneHot`; cells that are hardly meant as either, such as a typo among numbers, dates or e-mail addresses, are errors until the column is stated here.',
        examples: [{ colour: 'index', id: 'ignore' }],
        type: 'object',
        additionalProperties: choiceAmong(columnTable, 'What a column holds.'),
        patternProperties: { '^x-': {} },
      }),
    ),
    normalize: withDefault(
      oneOf(['standard', 'minMax', 'none'] as const, {
        description:
          'How numbers are brought to one size, column by column, by the samples that train: `standard`, mean 0 and standard deviation 1; `minMax`, from 0 to 1.',
        examples: ['minMax'],
      }),
      'standard',
    ),
    maxCategories: withDefault(
      Type.Integer({
        description: 'How many categories a column may have that `columns` does not state.',
        minimum: 1,
        maximum: 100_000,
        examples: [200],
      }),
      defaultMaxCategories,
    ),
    delimiter: withDefault(
      oneOf([',', ';', '\t', '|'] as const, { description: 'The character between fields.', examples: [';'] }),
      ',',
    ),
    decimal: withDefault(
      oneOf(['.', ','] as const, {
        description:
          'The decimal sign of numbers. With commas between fields, a number with a decimal comma is in quotes.',
        examples: [','],
      }),
      '.',
    ),
    names: Type.Optional(
      Type.Array(Type.String(), {
        description: 'What the columns are called, where the first row is a sample already.',
        minItems: 2,
        examples: [['length', 'width', 'species']],
      }),
    ),
    validation: Type.Optional(pathField('A file of samples to validate on.', 'data/validation.csv')),
    test: Type.Optional(pathField('A file of samples to test on.', 'data/test.csv')),
    testSplit: testSplitField,
  },
  'A table of comma-separated values: a row is a sample, one column its label.',
)

export const csv = defineDataset({
  schema,
  paths: ['path', 'validation', 'test'],
  isFile: true,
  isTable: true,
  describe: (options, look) => {
    const kept = options.test === undefined ? 1 - options.testSplit : 1
    const { host } = look
    const found = lookInto(host, options.path, 'path', () => describeCsv(options.path, formOf(options), kept, look))
    const facts = missingFiles(host, found, options, ['validation', 'test'])
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
    return keptForTesting(
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

/** What the reader takes: what is the default is left out. */
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
