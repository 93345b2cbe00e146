/** Implements `shapewright data`: shows the content of a dataset in numbers and images. */
import { existsSync } from 'node:fs'
import { KnownError } from '../system/knownError.ts'
import type { DataPreview, GraphicsProtocol } from '../tasks/viewData/previewData.ts'
import { checkText } from '../analyze.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { countOf, formatCount } from '../diagnostics/formatCount.ts'
import { lowerData } from '../program/lowerGraph.ts'
import { escapeInLine } from '../system/controlCharacters.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { reportPictureGrid } from '../report/pictureGrid.ts'
import { columnsAsJson, reportColumns } from '../report/tableColumns.ts'
import type { Spec } from '../validation/spec.ts'
import type { data } from './commands/data.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { sealFor, writeUnguarded } from './terminal.ts'

type DataOptions = OptionsOf<typeof data>

export async function dataCommand(dataset: string, options: DataOptions): Promise<number> {
  const spec = specOf(dataset, options.data)
  if (spec === undefined) return exitCodes.problems
  const program = lowerData(spec)
  if (program === undefined)
    throw new KnownError('usage', `${dataset} has no dataset`, 'add one, for example `dataset: mnist`')
  if (options.augmented === true && program.augment === undefined) {
    throw new KnownError('usage', `${dataset} has no \`augment\``, 'remove `--augmented`')
  }
  // `--output` without `--view` writes 25 images.
  const view = options.view ?? (options.output === undefined ? 0 : 25)
  const { previewData, writeGrid, encodeGrid, detectGraphics } = await import('../tasks/viewData/previewData.ts')
  const look = await previewData(program, {
    data: options.data,
    validationSplit: spec.training.validationSplit,
    seed: spec.training.seed,
    view,
    split: options.split,
    augmented: options.augmented === true,
    stats: options.stats === true,
  })
  if (options.output !== undefined) {
    await writeGrid(options.output, look.pictures, options.force)
    process.stderr.write(`wrote ${countOf(look.pictures.length, 'image')} to ${options.output}\n`)
  }
  process.stdout.write(options.format === 'json' ? renderJson(look, spec) : renderText(look, spec))
  if (options.output === undefined && look.pictures.length > 0 && options.format === 'pretty') {
    const wanted = options.graphics === 'auto' ? drawable(detectGraphics) : options.graphics
    if (wanted === 'blocks') process.stdout.write(showPictures(look.pictures))
    else writeUnguarded(process.stdout, await encodeGrid(look.pictures, wanted))
  }
  return exitCodes.fine
}

/** Returns the spec of a file, or a minimal spec for the name of a dataset; undefined if the file has errors. */
function specOf(dataset: string, data: string | undefined): Spec | undefined {
  if (!existsSync(dataset) && Object.hasOwn(datasetTable, dataset)) {
    const analysis = checkText(`name: data\ndataset: ${dataset}\nlayers: [flatten]\n`, 'data.yaml', {
      host: nodeHost,
      data,
    })
    const problem = analysis.diagnostics.find(({ severity }) => severity === 'error')
    if (problem === undefined) return analysis.spec
    throw new KnownError('usage', `${dataset}: ${problem.message}`, 'pass a spec that gives the options of the dataset')
  }
  if (existsSync(dataset) || dataset === '-') return checkedSpec(dataset, { quiet: true, data })?.spec
  const names = Object.keys(datasetTable).join(', ')
  throw new KnownError('usage', `there is no file or dataset named ${dataset}`, `the datasets are ${names}`)
}

function renderJson({ pictures, ...look }: DataPreview, { facts }: Spec): string {
  const shown = pictures.map(({ label }) => ({ label }))
  const columns = facts?.columns && { columns: columnsAsJson(facts.columns) }
  return `${JSON.stringify({ version: 1, ...look, ...columns, pictures: shown }, null, 2)}\n`
}

function renderText(look: DataPreview, { facts }: Spec): string {
  const { sampleShape, classNames, splits, stats } = look
  const palette = paletteFor(process.stdout)
  const width = Math.max(10, ...splits.map(({ name }) => name.length + 2))
  const lines = splits.map(
    ({ name, count }) => `${palette.bold(name.padEnd(12))}${formatCount(count)} samples of ${sampleShape.join('x')}`,
  )
  const classes = classNames.map((name, index) => {
    const counts = splits.map(({ perClass }) => formatCount(perClass[index] ?? 0).padStart(width))
    return `${escapeInLine(name).padEnd(24)}${counts.join('')}`
  })
  const head = `${'class'.padEnd(24)}${splits.map(({ name }) => name.padStart(width)).join('')}`
  const numbers = stats
    ? [
        `mean  [${stats.mean.map(round).join(', ')}]`,
        `std   [${stats.std.map(round).join(', ')}]`,
        `over ${formatCount(stats.samples)} training samples`,
        '',
      ]
    : []
  const listed = classNames.length === 0 ? [] : [palette.dim(head), ...classes, '']
  const columns = facts?.columns ? [reportColumns(facts.columns, Number.POSITIVE_INFINITY)] : []
  return `${[...lines, '', ...columns, ...listed, ...numbers].join('\n')}\n`
}

/** The best graphics protocol of the terminal, or half blocks if it supports none or colours are off. */
function drawable(detect: (stream: NodeJS.WriteStream) => GraphicsProtocol | undefined): 'blocks' | GraphicsProtocol {
  return hasColours() ? (detect(process.stdout) ?? 'blocks') : 'blocks'
}

function hasColours(): boolean {
  return paletteFor(process.stdout).bold('x') !== 'x'
}

function showPictures(pictures: DataPreview['pictures']): string {
  return reportPictureGrid(pictures, process.stdout.columns ?? 80, hasColours() ? sealFor(process.stdout) : undefined)
}

function round(value: number): string {
  return String(Math.round(value * 10_000) / 10_000)
}
