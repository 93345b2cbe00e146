/** `shapewright/check`: finds mistakes in specs and fixes them, in Node.js, in a browser or in an editor. It loads nothing of any of them. */
import { analyze, checkText } from './analyze.ts'
import { hasErrors, type Diagnostic, type Path, type Span } from './diagnostics/diagnostic.ts'
import { LineIndex, type Range } from './diagnostics/positions.ts'
import { applyFixes, type FixedText } from './fixes.ts'
import { toJsonShape } from './language/dims.ts'
import { keepAnalysis } from './report/keptAnalysis.ts'
import type { Host } from './system/host.ts'
import { prepareHost as prepareFor, type FileSource } from './system/prepareHost.ts'

export type { DiagnosticCode } from './diagnostics/codes.ts'
export type {
  DataPlace,
  Diagnostic,
  Evidence,
  Fix,
  FixKind,
  Path,
  RelatedPlace,
  Severity,
  Span,
  TextEdit,
} from './diagnostics/diagnostic.ts'
export type { Position, Range } from './diagnostics/positions.ts'
export type { AppliedFix, FixedText } from './fixes.ts'
export type { FilePart, FolderEntry, Host, Packing } from './system/host.ts'
export type { FileSource } from './system/prepareHost.ts'

export interface CheckOptions {
  /** The spec's file: its relative paths begin in the folder of it. `spec.yaml` by default. */
  readonly file?: string
  /** Where the files of datasets are read. Without it nothing is known of them, and diagnostics say so. */
  readonly host?: Host
  /** The location of the dataset, which overrides the spec's. */
  readonly data?: string
}

/** A layer whose shape could be inferred. */
export interface CheckedLayer {
  readonly name: string
  readonly type: string
  /** The names of the layers that it is applied to. */
  readonly inputs: readonly string[]
  /** The shape of its output without the batch; `null` is a size known only at run time. */
  readonly shape: readonly (number | null)[]
  readonly parameters: number
}

export interface CheckResult {
  readonly file: string
  readonly text: string
  readonly name: string
  /** In order of place. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether there are no errors; warnings and hints may be left. */
  readonly isValid: boolean
  readonly layers: readonly CheckedLayer[]
  /** Lines and columns of a place, counted from 1. */
  rangeOf(span: Span): Range
  /** The place of the value at `path`, or of the nearest value above it that exists. */
  locate(path: Path): Span
}

/** Checks the text of a spec. Mistakes are data, not exceptions. */
export function check(text: string, { file = 'spec.yaml', ...look }: CheckOptions = {}): CheckResult {
  const analysis = checkText(text, file, look)
  const { source, spec, shaped, diagnostics } = analysis
  const lines = new LineIndex(text)
  const layers = shaped.nodes.map(({ name, layer, inputs, shape, params }) => ({
    name,
    type: layer.type,
    inputs,
    shape: toJsonShape(shape),
    parameters: params,
  }))
  const result = {
    file,
    text,
    name: spec.name,
    diagnostics,
    isValid: !hasErrors(diagnostics),
    layers,
    rangeOf: (span: Span) => lines.range(span),
    locate: (path: Path) => source.locateValue(path),
  }
  return keepAnalysis(result, analysis)
}

/**
 * Applies the first fix of each error and warning, until none is left. Comments and layout stay.
 *
 * @param kinds Rewrites keep the meaning of a spec; `all` applies suggestions, too.
 */
export function fix(text: string, options: CheckOptions = {}, kinds: 'rewrites' | 'all' = 'rewrites'): FixedText {
  return applyFixes(text, (changed) => check(changed, options), kinds)
}

/** Reads ahead the files that a check of the spec asks for, and returns them as a host. */
export async function prepareHost(
  text: string,
  files: FileSource,
  { file = 'spec.yaml', data }: Omit<CheckOptions, 'host'> = {},
): Promise<Host> {
  return await prepareFor(files, (host) => void analyze(text, file, { host, data }))
}
