/** Implements `shapewright compile`: writes specs as scripts with the files that they need. */
import { version } from '../system/version.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import type { Analysis } from '../analyze.ts'
import { compileAnalysis, programOf, type CompiledFile } from '../compile.ts'
import { outputOfScript } from '../backends/typescript/outputOfScript.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { statOf } from '../system/fileState.ts'
import { writeOutput } from '../system/writeOutput.ts'
import type { compile } from './commands/compile.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { packageFolder } from './packageFolder.ts'
import { describeSkipped, findSpecs, type SpecSelection } from './findSpecs.ts'
import { readSpecFiles, type ReadSpec } from './specFiles.ts'
import { watchSpecs } from './watchSpecs.ts'

export type CompileOptions = OptionsOf<typeof compile>

export async function compileCommand(paths: readonly string[], options: CompileOptions): Promise<number> {
  if (options.watch === true)
    return await watchSpecs(paths, (selection, watchAlso) => compileSpecs(selection, options, watchAlso))
  return await compileSpecs(await findSpecs(paths), options)
}

async function compileSpecs(
  { files, skipped }: SpecSelection,
  options: CompileOptions,
  onParents?: (files: readonly string[]) => void,
): Promise<number> {
  if (options.project === true && files.length !== 1)
    throw new KnownError('usage', '--project needs exactly one spec', 'pass one spec, and a folder with --out-dir')
  if (options.quiet !== true) process.stderr.write(describeSkipped(skipped))
  requireFittingOptions(options)
  const compiled: CompiledSpec[] = []
  let left = 0
  const specs = readSpecFiles(files)
  for (const spec of specs) {
    const path = spec.file
    const analysis = await checkedFor(spec, options, onParents)
    if (analysis?.source.completeness === 'abstract' && files.length > 1) {
      if (options.quiet !== true) process.stderr.write(`skipped ${path}: it is abstract\n`)
      left += 1
    } else if (analysis) {
      if (options.quiet !== true) process.stderr.write(noteUnusedWeights(path, analysis))
      compiled.push({ path, files: await compileSpec(path, analysis, options) })
    }
  }
  requireOwnNames(compiled, options)
  const written = new Map(compiled.flatMap((one) => one.files).map((file) => [file.fileName, file]))
  const changed = [...written.values()].filter((file) => !isSame(join(options.outDir, file.fileName), file))
  const isBroken = compiled.length + left < specs.length
  const isUnread = specs.length < files.length
  const code = isUnread ? exitCodes.usage : isBroken ? exitCodes.problems : exitCodes.fine
  if (options.check === true) {
    if (changed.length > 0) reportStale(changed, options)
    return changed.length > 0 && !isUnread ? exitCodes.problems : code
  }
  const { outDir, force } = options
  if (compiled.length > 0) {
    const output = changed.map(({ fileName, content }) => outputOfScript(join(outDir, fileName), content))
    writeOutput(output, { folder: outDir, force })
  }
  if (options.quiet !== true)
    process.stdout.write(compiled.map((one) => `${join(outDir, one.files[0]!.fileName)}\n`).join(''))
  return code
}

/** A script reads trained weights before it trains; without training it contains only the network. */
function noteUnusedWeights(path: string, { spec }: Analysis): string {
  const trains = spec.dataset !== undefined && spec.optimizer !== undefined && spec.loss !== undefined
  if (spec.weights === undefined || trains) return ''
  return `note: ${path} has no dataset, optimizer or loss, so the script has the network without the trained \`weights\`\n`
}

/** Returns the analysis of a spec, or undefined if it has errors or the target has no form for a part of it. */
async function checkedFor(
  { file: path, text }: ReadSpec,
  { quiet, set, trial, target }: CompileOptions,
  onParents?: (files: readonly string[]) => void,
): Promise<Analysis | undefined> {
  const analysis = checkedSpec(path, { quiet, text, settings: set, trial, onParents })
  if (analysis === undefined || target === 'ts') return analysis
  const { withTargetProblems } = await import('../tasks/checkTarget.ts')
  const { source, diagnostics } = await withTargetProblems(analysis, target)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return analysis
  process.stderr.write(`${renderPretty(errors, source.text, path, paletteFor(process.stderr), source.otherTexts)}\n`)
  return undefined
}

/** @throws KnownError if an option for TypeScript is given for another target. */
function requireFittingOptions({ target, backend, format, runtime, singleFile, project }: CompileOptions): void {
  if (target === 'ts') return
  const others = {
    '--backend': backend !== 'auto',
    '--format': format !== 'ts',
    '--runtime': runtime !== 'standalone',
    '--single-file': singleFile === true,
    '--project': project === true,
  }
  const [stated] = Object.entries(others).find(([, isStated]) => isStated) ?? []
  if (stated !== undefined)
    throw new KnownError(
      'usage',
      `${stated} is for TypeScript, and the target is ${target}`,
      'remove one of the two options',
    )
}

function reportStale(stale: readonly CompiledFile[], { outDir }: CompileOptions): void {
  const paths = stale.map(({ fileName }) => join(outDir, fileName))
  process.stdout.write(paths.map((path) => `${statOf(path) ? 'stale' : 'missing'}: ${path}\n`).join(''))
  process.stderr.write('run the same command without `--check` to update them\n')
}

interface CompiledSpec {
  readonly path: string
  /** The script, followed by the files that it needs. */
  readonly files: readonly CompiledFile[]
}

/**
 * Checks that no file would replace another. Scripts may share equal files next to them. Names are compared without case,
 * because some file systems ignore it.
 *
 * @throws KnownError if a file of one spec would replace a file of another.
 */
function requireOwnNames(compiled: readonly CompiledSpec[], { outDir }: CompileOptions): void {
  const owners = new Map<string, { readonly path: string; readonly file: CompiledFile }>()
  for (const { path, files } of compiled) {
    for (const file of files) {
      const key = file.fileName.normalize('NFC').toLowerCase()
      const owner = owners.get(key)
      if (owner && !(file !== files[0] && Buffer.compare(owner.file.content, file.content) === 0)) {
        const place = join(outDir, file.fileName)
        throw new KnownError(
          'usage',
          `${owner.path} and ${path} would both be written to ${place}`,
          'give them different names (`name:`), or compile them to different folders with -o',
        )
      }
      owners.set(key, owner ?? { path, file })
    }
  }
}

/** Returns the script followed by the files that it needs. */
async function compileSpec(path: string, analysis: Analysis, options: CompileOptions): Promise<CompiledFile[]> {
  if (options.target !== 'ts') return await compileAnalysis(analysis, { target: options.target, backend: 'auto' })
  const files = await compileAnalysis(analysis, {
    backend: options.backend,
    language: options.format,
    runtime: options.runtime,
    singleFile: options.singleFile === true,
    versionOf: options.project === true ? pinnedVersions() : undefined,
  })
  const leftOut = options.runtime === 'package' ? [] : (programOf(analysis).script?.leftOut ?? [])
  if (leftOut.length > 0 && options.quiet !== true)
    process.stderr.write(`${path}: the script omits ${leftOut.join(' and ')}; --runtime package supports it\n`)
  return files
}

/** The versions of packages that Shapewright itself is built and tested with. */
function pinnedVersions(): (name: string) => string {
  type Versions = Readonly<Record<string, string>>
  const file = readFileSync(new URL('package.json', packageFolder()), 'utf8')
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(file) as Readonly<Record<string, Versions>>
  const versions: Versions = { ...devDependencies, ...optionalDependencies, ...dependencies, shapewright: version }
  return (name) => versions[name]!.replace(/^[\^~]/, '')
}

/** Whether a file has this content. Line ends of texts are ignored, because Git may convert them. */
function isSame(path: string, { fileName, content }: CompiledFile): boolean {
  if (statOf(path)?.isFile() !== true) return false
  const found = readFileSync(path)
  if (fileName.endsWith('.wasm')) return found.equals(content)
  return found.toString('utf8').replaceAll('\r\n', '\n') === Buffer.from(content).toString('utf8')
}
