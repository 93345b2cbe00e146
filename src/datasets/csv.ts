/** Tables of comma-separated values. */
import { statSync } from 'node:fs'
import { Type } from 'typebox'
import { call, reference, type Expressible } from '../layers/expression.ts'
import { oneOf } from '../layers/fields.ts'
import { choiceAmong, fieldsOf, readChoice, withDefault, type ChoiceValue } from '../layers/schema.ts'
import { parseCsv } from '../runtime/formats/csv.ts'
import { nameColumns, planCsv, type CsvColumn, type CsvForm } from '../runtime/formats/csvColumns.ts'
import { readFileHead } from '../runtime/formats/fileHead.ts'
import { defineDataset, type DatasetFacts, type DatasetProblem } from './datasetDef.ts'
import { lookInto } from './describeFiles.ts'
import { pathField, testSplitField } from './fields.ts'

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
        description: 'What columns hold. By default `number` where all are numbers, and `oneHot` elsewhere.',
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
    delimiter: withDefault(
      oneOf([',', ';', '\t', '|'] as const, { description: 'What parts the fields.', examples: [';'] }),
      ',',
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
  describe: (options) => {
    const kept = options.test === undefined ? 1 - options.testSplit : 1
    const look = lookInto(options.path, 'path', () => describeCsv(options.path, formOf(options), kept))
    return options.validation === undefined ? look : { ...look, hasValidation: true }
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
    return call('loadCsv', form as unknown as Expressible, reference('folder'))
  },
})

/** What the reader takes: what is the default is left out. */
function formOf({
  label,
  labels,
  columns,
  delimiter,
  names,
}: {
  readonly label: string
  readonly labels?: 'classes' | 'values' | undefined
  readonly columns?: Readonly<Record<string, ChoiceValue>> | undefined
  readonly delimiter: string
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
    ...(delimiter !== ',' && { delimiter }),
    ...(names !== undefined && { names }),
  }
}

/** Of a larger file, the beginning is looked at. */
const mostBytes = 100_000
const beginningBytes = 32_000

/** @param kept The part of the rows that is not kept for testing. */
function describeCsv(path: string, form: CsvForm, kept: number): DatasetFacts {
  const { size } = statSync(path)
  const isWhole = size <= mostBytes
  const text = new TextDecoder().decode(readFileHead(path, isWhole ? size : beginningBytes))
  const seen = isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1)
  const table = nameColumns(parseCsv(seen, form.delimiter ?? ',', path), form, path)
  const unknown = [form.label, ...Object.keys(form.columns ?? {})].filter((name) => !table.names.includes(name))
  if (unknown.length > 0) {
    return { problems: unknown.map((name) => unknownColumn(path, name, name === form.label, table.names)) }
  }
  const { width, classNames, isSure } = planCsv(table, form, path, isWhole)
  const known = isSure ? { sampleShape: [width] } : {}
  const count = isWhole ? { trainCount: Math.round(table.rows.length * kept) } : {}
  if (classNames === undefined) return { ...known, ...count, hasValues: true }
  return { ...known, ...count, ...(isWhole && { classes: classNames.length, classNames }) }
}

function unknownColumn(path: string, name: string, isLabel: boolean, names: readonly string[]): DatasetProblem {
  return {
    code: 'data/unknown-column',
    severity: 'error',
    option: isLabel ? 'label' : 'columns',
    message: `${path} has no column \`${name}\``,
    help: `its columns: ${names.slice(0, 20).join(', ')}`,
  }
}
