/** Imports the network of a file: writes it as a spec, with its weights beside it. */
import { readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { checkText, type Analysis } from '../../analyze.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { isOwnTensorFile } from '../../system/marks.ts'
import { writeOutput, type OutputFile } from '../../system/writeOutput.ts'
import type { ImportedNetwork, ImportProblem } from './importedNetwork.ts'
import { printSpec, type PrintedNetwork } from './printSpec.ts'
import { readNetwork } from './readNetwork.ts'

export interface ImportOptions {
  /** The folder of the written files; the default is the current folder. */
  readonly out?: string | undefined
  /** The name of the spec and its files; the default is that of the model. */
  readonly name?: string | undefined
  /** Whether files that Shapewright did not write are replaced. */
  readonly force?: boolean | undefined
}

export interface Imported {
  /** What the language cannot express. If there is anything, no file is written. */
  readonly problems: readonly ImportProblem[]
  /** What the reader should know about the spec. */
  readonly remarks: readonly string[]
  /** The paths of the written files: the spec, and its weights if the file has any. */
  readonly files: readonly string[]
  readonly layers: number
  readonly parameters: number
}

/**
 * Reads a file of another framework, and writes `NAME.yaml` and `NAME.safetensors`.
 *
 * @throws KnownError if the file is damaged, is in no known format, or the output cannot be written.
 */
export async function importFile(file: string, { out = '.', name, force }: ImportOptions = {}): Promise<Imported> {
  const read = await readNetwork(file)
  const network = { ...read.network, name: specName(name ?? statedName(read.network.name), file) }
  if (read.problems.length > 0)
    return { problems: read.problems, remarks: [], files: [], layers: network.layers.length, parameters: 0 }
  const path = join(out, `${network.name}.yaml`)
  const printed = printSpec(network)
  const analysis = checkText(printed.text, path, { host: nodeHost })
  const problems = misfitsOf(analysis)
  const parameters = analysis.shaped.nodes.reduce((sum, { params }) => sum + params, 0)
  const facts = { remarks: [...(read.remarks ?? []), ...printed.remarks], layers: network.layers.length, parameters }
  if (problems.length > 0) return { problems, files: [], ...facts }
  const weightsFile = `${network.name}.safetensors`
  const text = network.weights.size === 0 ? printed.text : printed.withWeights(weightsFile)
  const files = [specFile(path, text), ...(await weightFiles(network, printed, analysis, join(out, weightsFile)))]
  writeOutput(files, { folder: out, force })
  return { problems, files: files.map((one) => one.path), ...facts }
}

/** What the checker finds in the printed spec. */
function misfitsOf({ diagnostics, source }: Analysis): ImportProblem[] {
  if (!hasErrors(diagnostics)) return []
  return diagnostics.flatMap(({ severity, message, help, path, code }) =>
    severity === 'error'
      ? [{ place: `${source.file}: ${path.join('/')}`, message: `${message} (${code})`, ...(help && { help }) }]
      : [],
  )
}

/** The spec is replaced only if it is as it was written. */
function specFile(path: string, text: string): OutputFile {
  return { path, content: [text], isOurs: () => readFileSync(path, 'utf8') === text }
}

async function weightFiles(
  network: ImportedNetwork,
  printed: PrintedNetwork,
  analysis: Analysis,
  path: string,
): Promise<OutputFile[]> {
  if (network.weights.size === 0) return []
  const { encodeWeights } = await import('./encodeWeights.ts')
  const content = await encodeWeights(network, printed.names, analysis)
  return [{ path, content, isOurs: isOwnTensorFile }]
}

/** The name of a model, unless it is automatic and says less than that of its file. */
function statedName(name: string): string {
  return /^(functional|sequential|model|main_graph)(_\d+)?$/.test(name) ? '' : name
}

/** A name that a spec may have, from that of the model or else of the file. */
function specName(wanted: string, file: string): string {
  const accepted = (text: string) => text.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^[^A-Za-z]+|-+$/g, '')
  return accepted(wanted) || accepted(basename(file, extname(file))) || 'imported'
}
