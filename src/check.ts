/** `shapewright/check`: finds mistakes in specs and fixes them. It imports no API of Node.js, browsers or editors, so it runs in all of them. */
import { analyze, checkText } from './analyze.ts'
import { hasErrors, type Diagnostic, type Path, type Span } from './diagnostics/diagnostic.ts'
import { FileLines, type Range } from './diagnostics/positions.ts'
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
  /** The file of the spec; paths in the spec are relative to its folder. `spec.yaml` by default. */
  readonly file?: string
  /** Reads the files of datasets. Without it their facts are unknown, and diagnostics say so. */
  readonly host?: Host
  /** The location of the dataset, which overrides the spec's. */
  readonly data?: string
}

/** A layer whose shape could be inferred. */
export interface CheckedLayer {
  readonly name: string
  readonly type: string
  /** The names of its input layers. */
  readonly inputs: readonly string[]
  /** The output shape without the batch; `null` is a size known only at run time. */
  readonly shape: readonly (number | null)[]
  readonly parameters: number
}

export interface CheckResult {
  readonly file: string
  readonly text: string
  readonly name: string
  /** Sorted by position. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether there are no errors; there may be warnings and hints. */
  readonly isValid: boolean
  readonly layers: readonly CheckedLayer[]
  /** Returns the lines and columns of a span, counted from 1. */
  rangeOf(span: Span): Range
  /** Returns the span of the value at `path`, or of its nearest ancestor that exists. */
  locate(path: Path): Span
}

/** Checks the text of a spec. Returns mistakes as diagnostics and never throws because of them. */
export function check(text: string, { file = 'spec.yaml', ...look }: CheckOptions = {}): CheckResult {
  const analysis = checkText(text, file, { ...look, trials: true })
  const { source, spec, shaped, diagnostics } = analysis
  const lines = new FileLines(file, text, source.otherTexts)
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
 * Applies the first fix of each error and warning, until none is left. Keeps comments and layout.
 *
 * @param kinds Rewrites keep the meaning of a spec; `all` applies suggestions, too.
 */
export function fix(text: string, options: CheckOptions = {}, kinds: 'rewrites' | 'all' = 'rewrites'): FixedText {
  return applyFixes(text, (changed) => check(changed, options), kinds)
}

/** Reads the files that a check of the spec asks for, and returns them as a host that answers synchronously. */
export async function prepareHost(
  text: string,
  files: FileSource,
  { file = 'spec.yaml', data }: Omit<CheckOptions, 'host'> = {},
): Promise<Host> {
  return await prepareFor(files, (host) => void analyze(text, file, { host, data }))
}
