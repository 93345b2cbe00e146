/** Implements `shapewright check`: reports the problems of specs, and fixes them with `--fix`. */
import { KnownError } from '../system/knownError.ts'
import { checkText, type Analysis } from '../analyze.ts'
import { isOfSpec, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { FileLines, LineIndex } from '../diagnostics/positions.ts'
import { renderGithub } from '../diagnostics/renderGithub.ts'
import { renderPretty, type Palette } from '../diagnostics/renderPretty.ts'
import { renderSarif } from '../diagnostics/renderSarif.ts'
import { applyFixes } from '../fixes.ts'
import { countStates } from '../sweep/countStates.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { replaceFile } from '../system/replaceFile.ts'
import { reportCheckJson } from '../report/checkJson.ts'
import { reportColumns } from '../report/tableColumns.ts'
import { escapeInLine, maskControls } from '../system/controlCharacters.ts'
import { version } from '../system/version.ts'
import type { check } from './commands/check.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { standardOutput } from './terminal.ts'
import { describeSelection, describeSkipped, findSpecs, type SpecSelection } from './findSpecs.ts'
import { readSpecFiles, standardInput, type ReadSpec } from './specFiles.ts'
import { watchSpecs } from './watchSpecs.ts'

export interface CheckOptions extends Omit<OptionsOf<typeof check>, 'data'> {
  /** The path of the dataset; overrides the one in the spec. */
  readonly data?: string | undefined
}

/** A further check of an analyzed spec, which adds diagnostics. */
export type FurtherCheck = (analysis: Analysis) => Promise<Analysis>

export async function checkCommand(
  paths: readonly string[],
  options: CheckOptions,
  furtherCheck?: FurtherCheck,
): Promise<number> {
  if (paths.length === 0) throw new KnownError('usage', 'no spec given', 'pass a YAML file, a folder, or a pattern')
  if (options.watch === true)
    return await watchSpecs(paths, async (selection, watchAlso) => {
      await checkOnce(selection, options, furtherCheck, watchAlso)
    })
  return await checkOnce(await findSpecs(paths), options, furtherCheck)
}

async function checkOnce(
  selection: SpecSelection,
  options: CheckOptions,
  furtherCheck?: FurtherCheck,
  onParents?: (files: readonly string[]) => void,
): Promise<number> {
  if (options.fix && selection.files.includes(standardInput))
    throw new KnownError('usage', '--fix cannot change standard input', 'pass files or folders')
  const specs = readSpecFiles(selection.files)
  const analyses: Analysis[] = []
  for (const spec of specs) {
    const analysis = options.fix
      ? fixFile(spec, options.fix, options)
      : checkText(spec.text, spec.file, {
          host: nodeHost,
          data: options.data,
          settings: options.set,
          trials: true,
        })
    // Between two files, Ctrl-C ends the process.
    if (options.fix) await new Promise(setImmediate)
    onParents?.(analysis.source.parents)
    analyses.push(furtherCheck ? await furtherCheck(analysis) : analysis)
  }
  const output = standardOutput()
  output.write(render(analyses, options, { palette: paletteFor(output), withColumns: furtherCheck !== undefined }))
  const searched = `${describeSelection({ ...selection, files: specs.map(({ file }) => file) })}${describeSkipped(selection.skipped)}`
  if (options.quiet !== true && searched !== '') process.stderr.write(searched)
  const count = (severity: string) =>
    analyses.reduce((sum, { diagnostics }) => sum + diagnostics.filter((one) => one.severity === severity).length, 0)
  if (specs.length < selection.files.length) return exitCodes.usage
  if (count('error') > 0) return exitCodes.problems
  const warnings = count('warning')
  if (options.maxWarnings === undefined || warnings <= options.maxWarnings) return exitCodes.fine
  process.stderr.write(`${countOf(warnings, 'warning')}, but --max-warnings is ${options.maxWarnings}\n`)
  return exitCodes.problems
}

/** Writes the fixed text to the file, and returns the analysis of the fixed text. */
function fixFile(
  { file, text: before }: ReadSpec,
  kinds: 'rewrites' | 'all',
  { format, quiet, data, set }: CheckOptions,
): Analysis {
  const { text, applied } = applyFixes(
    before,
    (changed) => checkText(changed, file, { host: nodeHost, settings: set }),
    kinds,
  )
  // The file belongs to the user: keep its links, mode and owner.
  if (text !== before) replaceFile(file, [text])
  const analysis = checkText(text, file, { host: nodeHost, data, settings: set, trials: true })
  if (quiet === true) return analysis
  const lines = new LineIndex(before)
  const changes = applied.map((one) => {
    const place = `${file}:${lines.position(one.span.start).line}`
    // A change of several lines, such as a move, is clearer in words.
    const isLong = /[\n\r]/.test(one.before + one.after)
    return `${place}: ${isLong ? maskControls(one.title) : `${onOneLine(one.before)} → ${onOneLine(one.after)}`}\n`
  })
  // In the other formats, programs read stdout.
  const list = format === 'pretty' ? process.stdout : process.stderr
  list.write([...changes, ...listUnapplied(analysis, kinds)].join(''))
  const left = kinds === 'all' ? 0 : countFixes(analysis.diagnostics).suggestions
  const done = applied.length === 0 ? [] : [`${countOf(applied.length, 'fix', 'fixes')} applied`]
  const others = left === 0 ? [] : [`\`shapewright check --fix=all\` applies ${countOf(left, 'suggestion')}`]
  const summary = [...done, ...others].join('; ')
  if (summary !== '') process.stderr.write(`${file}: ${summary}\n`)
  return analysis
}

function onOneLine(text: string): string {
  const line = maskControls(text.replaceAll(/\s+/g, ' '))
  if (line === '') return '(nothing)'
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}

/** Counts the errors and warnings that a rewrite fixes, and those that only a suggestion fixes. */
function countFixes(diagnostics: readonly Diagnostic[]): { rewrites: number; suggestions: number } {
  const offered = diagnostics.filter(({ severity }) => severity !== 'hint').map(({ fixes }) => fixes.filter(isOfSpec))
  const fixable = offered.filter((fixes) => fixes.length > 0)
  const rewrites = fixable.filter((fixes) => fixes.some(({ kind }) => kind === 'rewrite')).length
  return { rewrites, suggestions: fixable.length - rewrites }
}

/** A line for each problem whose fix would change a file that the spec extends. */
function listUnapplied({ source, diagnostics }: Analysis, kinds: 'rewrites' | 'all'): string[] {
  const lines = new FileLines(source.file, source.text, source.otherTexts)
  return diagnostics.flatMap(({ severity, fixes }) => {
    const fix = fixes.find(({ kind }) => kinds === 'all' || kind === 'rewrite')
    const place = fix?.edits.find(({ span }) => span.file !== undefined)?.span
    if (severity === 'hint' || fix === undefined || place === undefined || fixes.some(isOfSpec)) return []
    const at = `${place.file}:${lines.range(place).start.line}`
    return [
      `${escapeInLine(at)}: not applied, since only ${escapeInLine(source.file)} is changed: ${maskControls(fix.title)}\n`,
    ]
  })
}

interface Rendering {
  readonly palette: Palette
  /** Whether the columns of tables are listed with their types. */
  readonly withColumns: boolean
}

function render(analyses: readonly Analysis[], options: CheckOptions, { palette, withColumns }: Rendering): string {
  const files = analyses.map(({ source: { file, text, otherTexts }, diagnostics }) => ({
    file,
    text,
    otherTexts,
    diagnostics,
  }))
  switch (options.format) {
    case 'json':
      return `${JSON.stringify(reportCheckJson(analyses), null, 2)}\n`
    case 'sarif':
      return renderSarif(files, version)
    case 'github':
      return files
        .map(({ file, text, otherTexts, diagnostics }) => renderGithub(diagnostics, text, file, otherTexts))
        .join('')
    case 'pretty':
      return analyses
        .map((analysis) => {
          const columns = withColumns && options.quiet !== true ? analysis.spec.facts?.columns : undefined
          return `${columns ? reportColumns(columns) : ''}${renderAnalysis(analysis, palette, options.quiet)}`
        })
        .join('')
  }
}

/** Lists the problems of a spec and counts them; for a spec without any, counts what was proven. */
export function renderAnalysis(
  { source, diagnostics, shaped, sweep }: Analysis,
  palette: Palette,
  quiet = false,
): string {
  const file = escapeInLine(source.file)
  const shown = quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics
  const listed =
    shown.length === 0 ? '' : `${renderPretty(shown, source.text, source.file, palette, source.otherTexts)}\n`
  if (quiet) return listed
  const counts = (['error', 'warning', 'hint'] as const).flatMap((severity) => {
    const number = diagnostics.filter((one) => one.severity === severity).length
    return number === 0 ? [] : [countOf(number, severity)]
  })
  if (counts.length > 0) {
    const { rewrites, suggestions } = countFixes(diagnostics)
    const offers = [
      ...(rewrites > 0 ? [`; \`shapewright check --fix\` fixes ${rewrites}`] : []),
      ...(suggestions > 0 ? [`; \`--fix=all\` applies ${countOf(suggestions, 'suggestion')}`] : []),
    ]
    return `${listed}${file}: ${counts.join(', ')}${offers.join('')}\n`
  }
  // A spec that was not fully checked is never reported as ok, whatever the reason.
  if (!shaped.complete) return `${file}: not checked, because some shapes are unknown\n`
  const params = shaped.nodes.reduce((sum, node) => sum + node.params, 0)
  const layers = shaped.nodes.filter(({ implied }) => !implied).length
  const trials = sweep === undefined ? '' : `; ${countStates(sweep.trials)}`
  return `${palette.green('ok')} ${file}: ${countOf(layers, 'layer')}, ${countOf(params, 'parameter')}, all shapes fit${trials}\n`
}
