/** Probes a CSV file for its columns, its classes and its problems. */
import { longestCsvRecord } from '../../runtime/formats/csv.ts'
import { planCsv, type CsvPlan } from '../../runtime/formats/csvPlan.ts'
import { findCsvProblems, kindOfColumn, yamlKey } from '../../runtime/formats/csvProblems.ts'
import { CsvSurvey } from '../../runtime/formats/csvSurvey.ts'
import { CsvTableReader, likelyDelimiter, columnOptions, type CsvForm } from '../../runtime/formats/csvTable.ts'
import type { Host } from '../../system/host.ts'
import { createTextDecoder } from '../../runtime/formats/utf8Text.ts'
import { formatBytes } from '../../diagnostics/formatCount.ts'
import type { ColumnFacts, DatasetFacts, DatasetProblem, FileProbe, UnknownFact } from '../../language/datasetDef.ts'

/** Files of up to this many bytes are always read whole. */
const smallBytes = 100_000
/** How many bytes of a larger file are read, or more until there is a row. */
const beginningBytes = 32_000
/** Files of up to this many bytes are read whole if their beginning leaves the shape of the samples open. */
const readableBytes = 4_000_000

/**
 * Describes the samples of a CSV file.
 *
 * @param kept The fraction of the rows that is not held out for testing.
 */
export function describeCsv(path: string, form: CsvForm, kept: number, probe: FileProbe): DatasetFacts {
  const size = probe.host.size(path) ?? 0
  const isWhole = probe.isWhole || size <= smallBytes
  const describe = (wanted: number) => factsOf(surveyFile(probe.host, path, form, wanted), { path, form, kept })
  const facts = describe(isWhole ? size : beginningBytes)
  const isUnsure = facts.unknown?.some(({ fact }) => fact === 'sampleShape') === true
  return isUnsure && size <= readableBytes ? describe(size) : facts
}

interface SurveyedFile {
  readonly survey: CsvSurvey
  /** Undefined if the whole file was read. */
  readonly bytesRead: number | undefined
}

/** Reads the first `wanted` bytes of a file, and more until there is a row. */
function surveyFile(host: Host, path: string, form: CsvForm, wanted: number): SurveyedFile {
  let survey = new CsvSurvey([], form)
  const reader = new CsvTableReader(form, path, (names) => {
    survey = new CsvSurvey(names, form)
    return (row) => survey.take(row)
  })
  const decode = createTextDecoder(path)
  const pieceLength = Math.min(Math.max(wanted, 1), 1 << 20)
  let bytesRead = 0
  while (bytesRead < wanted || (reader.rows === 0 && bytesRead < 4 * longestCsvRecord)) {
    const length = bytesRead < wanted ? Math.min(pieceLength, wanted - bytesRead) : pieceLength
    const piece = host.read(path, { start: bytesRead, length })
    bytesRead += piece.length
    if (piece.length > 0) reader.push(decode(piece))
    if (piece.length > 0 && bytesRead < (host.size(path) ?? 0)) continue
    reader.push(decode())
    reader.end()
    return { survey, bytesRead: undefined }
  }
  return { survey, bytesRead }
}

interface SurveyedForm {
  readonly path: string
  readonly form: CsvForm
  readonly kept: number
}

function factsOf({ survey, bytesRead }: SurveyedFile, { path, form, kept }: SurveyedForm): DatasetFacts {
  const { names } = survey
  const named = [form.label, ...Object.keys(form.columns ?? {})].filter((name) => !names.includes(name))
  if (named.length > 0) return { problems: named.map((name) => unknownColumn(path, name, form, names)) }
  const problems = findCsvProblems(survey, form, path, bytesRead === undefined).map(
    ({ column, ...rest }): DatasetProblem => {
      if (column === form.label) return { ...rest, option: 'label' }
      const isStated = column !== undefined && columnOptions(form, column) !== undefined
      return { ...rest, ...(isStated ? { option: 'columns', key: column } : { option: 'path' }) }
    },
  )
  if (problems.some(({ severity }) => severity === 'error')) return { problems }
  const isWhole = bytesRead === undefined
  const plan = planCsv(survey, form, path, isWhole)
  const { width, classNames } = plan
  return {
    ...(plan.unsure.length === 0 && { sampleShape: [width] }),
    ...(isWhole && { trainCount: Math.round(survey.rows * kept) }),
    ...(classNames === undefined
      ? { hasValues: true, ...leastLabel(survey) }
      : isWhole && { classes: classNames.length, classNames: classNames }),
    columns: columnFacts(survey, form, plan),
    ...(!isWhole && { unknown: unknownFacts(plan, path, bytesRead) }),
    ...(problems.length > 0 && { problems }),
  }
}

function leastLabel({ columns }: CsvSurvey): Pick<DatasetFacts, 'leastLabel'> {
  const least = columns.find(({ isLabel }) => isLabel)?.least ?? Infinity
  return least < Infinity ? { leastLabel: least } : {}
}

function unknownFacts({ unsure, classNames }: CsvPlan, path: string, bytesRead: number): UnknownFact[] {
  const read = `only the first ${formatBytes(bytesRead)} of ${path} were read`
  const [first] = unsure
  const more = unsure.length > 5 ? ` and ${unsure.length - 5} more` : ''
  const listed = unsure.slice(0, 5).map((name) => `\`${name}\``)
  return [
    ...(first === undefined
      ? []
      : [
          {
            fact: 'sampleShape',
            reason: `${read}, and the rest of ${listed.join(', ')}${more} may have more categories`,
            help: `list the categories: \`columns: { ${yamlKey(first)}: { oneHot: { values: […] } } }\`, or use \`ignore\` or \`index\`; \`check --data\` reads the whole file`,
            option: 'path',
          } as const,
        ]),
    ...(classNames === undefined
      ? []
      : [{ fact: 'classes', reason: read, help: '`check --data` reads the whole file', option: 'path' } as const]),
  ]
}

function columnFacts(survey: CsvSurvey, form: CsvForm, { features, classNames }: CsvPlan): ColumnFacts[] {
  return survey.columns.map((column) => {
    const { name, isLabel, least, most } = column
    const type = kindOfColumn(column, form)
    const feature = features.find((one) => one.column === column.column)
    const values = isLabel ? classNames : feature?.values
    const inputs = feature === undefined ? 0 : type === 'oneHot' ? feature.values.length : 1
    return {
      name,
      isLabel,
      type,
      isStated: isLabel ? form.labels !== undefined : columnOptions(form, name) !== undefined,
      ...(type === 'number' && { range: [least, most] as const }),
      ...(type !== 'number' && type !== 'ignore' && values !== undefined && { values }),
      inputs,
    }
  })
}

function unknownColumn(path: string, name: string, { label }: CsvForm, names: readonly string[]): DatasetProblem {
  const delimiter = likelyDelimiter(names)
  const separated = `its first row has one column; with \`delimiter: ${JSON.stringify(delimiter)}\` it has several`
  return {
    code: 'data/unknown-column',
    ...(name === label ? { option: 'label' } : { option: 'columns', key: name }),
    known: names,
    message: `${path} has no column \`${name}\``,
    help: delimiter === undefined ? `its columns are ${names.slice(0, 20).join(', ')}` : separated,
  }
}
