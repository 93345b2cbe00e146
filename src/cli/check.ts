/** `shapewright check`: every mistake of every spec. */
import { applyFixes, checkText, type Analysis } from '../compile.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { renderGithub } from '../diagnostics/renderGithub.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { renderSarif } from '../diagnostics/renderSarif.ts'
import { replaceFile } from '../output/replaceFile.ts'
import { reportCheckJson } from '../report/checkJson.ts'
import { reportColumns } from '../report/tableColumns.ts'
import { version } from '../version.ts'
import { exitCodes, UsageError } from './exitCodes.ts'
import { paletteFor } from './palette.ts'
import { describeSelection, describeSkipped, findSpecs, type SpecSelection } from './findSpecs.ts'
import { readSpecFile, standardInput } from './specFiles.ts'
import { watchSpecs } from './watchSpecs.ts'

export interface CheckOptions {
  readonly fix?: boolean
  readonly format: 'pretty' | 'json' | 'sarif' | 'github'
  readonly maxWarnings?: number
  readonly watch?: boolean
  readonly quiet?: boolean
  /** Where the dataset is, in place of what the spec says. */
  readonly data?: string | undefined
}

/** What else is looked at of a spec that was checked. */
export type LookFurther = (analysis: Analysis) => Promise<Analysis>

export async function checkCommand(
  paths: readonly string[],
  options: CheckOptions,
  lookFurther?: LookFurther,
): Promise<number> {
  if (paths.length === 0) throw new UsageError('nothing says what to check', 'name a YAML file, a folder, or a pattern')
  if (options.watch === true) return await watchSpecs(paths, (selection) => checkOnce(selection, options, lookFurther))
  return await checkOnce(await findSpecs(paths), options, lookFurther)
}

async function checkOnce(selection: SpecSelection, options: CheckOptions, lookFurther?: LookFurther): Promise<number> {
  const analyses: Analysis[] = []
  for (const file of selection.files) {
    const analysis = options.fix === true ? fixFile(file, options) : checkText(readSpecFile(file), file, options.data)
    analyses.push(lookFurther ? await lookFurther(analysis) : analysis)
  }
  process.stdout.write(render(analyses, options, lookFurther !== undefined))
  if (options.quiet !== true) {
    process.stderr.write(`${describeSelection(selection, 'checked')}${describeSkipped(selection.skipped)}`)
  }
  const count = (severity: string) =>
    analyses.reduce((sum, { diagnostics }) => sum + diagnostics.filter((one) => one.severity === severity).length, 0)
  if (count('error') > 0) return exitCodes.problems
  const warnings = count('warning')
  if (options.maxWarnings === undefined || warnings <= options.maxWarnings) return exitCodes.fine
  process.stderr.write(`${warnings} warnings, but --max-warnings is ${options.maxWarnings}\n`)
  return exitCodes.problems
}

/** Writes the mended text back, and returns what is left to say of it. */
function fixFile(file: string, { quiet, data }: CheckOptions): Analysis {
  const before = readSpecFile(file)
  const { text, applied } = applyFixes(before, file)
  const say = (line: string) => (quiet === true ? undefined : process.stderr.write(line))
  if (file === standardInput)
    throw new UsageError('--fix cannot change standard input', 'name files, or folders of them')
  if (text !== before) {
    // The file is the user's: its links, mode and owner stay.
    replaceFile(file, [text], true)
    say(`${file}: ${applied} ${applied === 1 ? 'fix' : 'fixes'} applied\n`)
  }
  return checkText(text, file, data)
}

/** @param withColumns Whether it is said how the columns of tables are read. */
function render(analyses: readonly Analysis[], options: CheckOptions, withColumns: boolean): string {
  const files = analyses.map(({ source, diagnostics }) => ({ file: source.file, text: source.text, diagnostics }))
  switch (options.format) {
    case 'json':
      return `${JSON.stringify(reportCheckJson(analyses), null, 2)}\n`
    case 'sarif':
      return renderSarif(files, version)
    case 'github':
      return files.map(({ file, text, diagnostics }) => renderGithub(diagnostics, text, file)).join('')
    case 'pretty':
      return analyses
        .map((analysis) => {
          const columns = withColumns && options.quiet !== true ? analysis.spec.facts?.columns : undefined
          return `${columns ? reportColumns(columns, mostColumns) : ''}${renderAnalysis(analysis, options.quiet === true)}`
        })
        .join('')
  }
}

/** Of a table with more columns, `data` lists all. */
const mostColumns = 50

function renderAnalysis({ source, diagnostics, shaped }: Analysis, quiet: boolean): string {
  const palette = paletteFor(process.stdout)
  const shown = quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics
  const listed = shown.length === 0 ? '' : `${renderPretty(shown, source.text, source.file, palette)}\n`
  if (quiet) return listed
  const counts = (['error', 'warning', 'hint'] as const).flatMap((severity) => {
    const number = diagnostics.filter((one) => one.severity === severity).length
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`]
  })
  if (counts.length > 0) {
    const fixes = diagnostics.filter((one) => one.fixes.length > 0).length
    const offer = fixes === 0 ? '' : `; \`shapewright check --fix\` mends ${fixes}`
    return `${listed}${source.file}: ${counts.join(', ')}${offer}\n`
  }
  // Whatever the reason: what was not checked is never called right.
  if (!shaped.complete) return `${source.file}: could not be checked, for not every shape is known\n`
  const params = shaped.nodes.reduce((sum, node) => sum + node.params, 0)
  const layers = shaped.nodes.filter(({ implied }) => !implied).length
  return `${palette.green('ok')} ${source.file}: ${layers} layers, ${formatCount(params)} parameters, every shape fits\n`
}
