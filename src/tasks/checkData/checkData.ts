/** `check --data`: every sample of a spec's dataset, read as training reads it. Loads no TensorFlow.js. */
import { isKnownError } from '../../system/knownError.ts'
import { checkText, type Analysis } from '../../analyze.ts'
import { isFoundInSamples } from '../../diagnostics/codes.ts'
import { lookUp } from '../../language/schema.ts'
import { keyOfDataset, type DatasetFacts } from '../../language/datasetDef.ts'
import { datasetTable } from '../../parts/datasets/table.ts'
import { hasErrors, type Diagnostic, type Path } from '../../diagnostics/diagnostic.ts'
import { findClassUnits } from '../../rules/classUnits.ts'
import { networkOf } from '../../rules/checkedNetwork.ts'
import { lowerData } from '../../program/lowerGraph.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { hasValues, type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import { settleSplits } from '../../runtime/data/settleSplits.ts'
import { reportAt } from '../../source/report.ts'
import type { SourceDocument } from '../../source/source.ts'
import { silenceIgnored } from '../../validation/ignoredCodes.ts'
import type { Spec } from '../../validation/spec.ts'
import * as datasetReaders from '../../backends/generated/datasetReaders.ts'
import { evaluateExpression } from '../../backends/interpret/evaluateExpression.ts'
import { checkConstantColumns } from './constantColumns.ts'
import { checkEqualSamples } from './equalSamples.ts'
import type { DataFinding, Split } from './finding.ts'
import { checkFiniteValues } from './finiteValues.ts'
import { checkLabels } from './labels.ts'
import { passSamples, type PassOptions } from './passSamples.ts'

export { listenForInterruption } from '../../runtime/training/interruption.ts'

export interface DataCheckOptions extends PassOptions {
  /** Where the dataset is, in place of what the spec says. */
  readonly data?: string | undefined
  /** Is told what is looked at, once it is known. */
  onSplits?(splits: readonly Split[]): void
}

/**
 * An analysis with what is wrong with the samples of the dataset. Of a spec that names none, or whose dataset is stated
 * wrongly, it stays as it is.
 *
 * @throws The signal's reason, where it is aborted.
 */
export async function checkData(given: Analysis, options: DataCheckOptions = {}): Promise<Analysis> {
  const analysis = checkWhole(given, options.data)
  const { spec, source, diagnostics } = analysis
  if (spec.dataset === undefined || isStatedWrongly(diagnostics)) return analysis
  const absent = spec.facts?.problems?.find(({ code }) => code === 'data/not-found')
  if (absent !== undefined) {
    const help = `${absent.help}; \`--data FOLDER\` overrides the path`
    return withFindings(withoutNotFound(analysis), [{ ...absent, severity: 'error', help }])
  }
  const loaded = await loadData(spec, options.data)
  if ('help' in loaded) return withFindings(analysis, [loaded])
  const data = settleSplits(loaded, spec.training)
  const splits = splitsOf(data)
  options.onSplits?.(splits)
  const known = checkWithFacts(analysis, factsOf(data), options.data)
  const { classNames } = data
  const isHeldOut = loaded.validation === undefined && data.validation !== undefined
  const units = findClassUnits(networkOf(known.spec, known.shaped, source))
  const labelFindings = checkLabels(splits, { classNames, units, isHeldOut })
  const checks = [checkFiniteValues(), checkEqualSamples(classNames), checkConstantColumns()]
  const found = [...(await passSamples(splits, checks, options)), ...labelFindings]
  return withFindings(withoutStrayClasses(known, labelFindings), found)
}

/** The analysis with what the whole of a table tells, where no more than its beginning was read. */
function checkWhole(analysis: Analysis, data: string | undefined): Analysis {
  if (analysis.spec.facts?.unknown === undefined) return analysis
  const { text, file } = analysis.source
  return checkText(text, file, { host: nodeHost, data, isWhole: true })
}

/** Where the text cannot be read, what is known of the dataset may be a guess. */
function isStatedWrongly(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(
    ({ code, severity, path }) => severity === 'error' && (path[0] === 'dataset' || code.startsWith('source/')),
  )
}

/** What the dataset holds, not normalized; or why it cannot be read. */
async function loadData(spec: Spec, data: string | undefined): Promise<DatasetSplits | DataFinding> {
  const { normalize: _normalize, ...rest } = spec
  const { dataset } = lowerData({ ...rest, augment: [] })!
  const readers: Readonly<Record<string, unknown>> = datasetReaders
  const resolve = (name: string) => readers[name] as (...args: unknown[]) => unknown
  try {
    const loaded = await (evaluateExpression(dataset, { seed: 0, folder: data }, resolve) as Promise<DatasetSplits>)
    const { fit: _fit, ...splits } = loaded
    return splits
  } catch (error) {
    if (!isKnownError(error, 'data')) {
      if (isSystemError(error)) return unreadableBySystem(error)
      throw error
    }
    const { code, message, help } = error
    return { code, severity: 'error', message: message.replace(/\.$/, ''), help: help.replace(/\.$/, '') }
  }
}

/** A file or folder that may not be read, say. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}

function unreadableBySystem({ message }: Error): DataFinding {
  const help = 'make the file or folder readable'
  return { code: 'data/unreadable', message: message.replace(/\.$/, ''), help }
}

/** A dataset without samples to test on may give those that validate as such: they are looked at once. */
function splitsOf(data: DatasetSplits): Split[] {
  const names = ['train', 'validation', 'test'] as const
  return names.flatMap((name) => {
    const samples = data[name]
    if (samples === undefined || (name === 'test' && data.validation && areSame(samples, data.validation))) return []
    return [{ name, samples }]
  })
}

function areSame(one: Samples, other: Samples): boolean {
  if (one.count !== other.count || one.origin === undefined || other.origin === undefined) return false
  for (let sample = 0; sample < one.count; sample++) {
    const [first, second] = [one.origin(sample), other.origin(sample)]
    if (first.file !== second.file || first.line !== second.line || first.number !== second.number) return false
  }
  return true
}

function factsOf({ train }: DatasetSplits): DatasetFacts {
  return {
    sampleShape: train.sampleShape,
    ...(hasValues(train) && { hasValues: true }),
    ...(train.classes !== undefined && { classes: train.classes }),
  }
}

/** The analysis with what a quick look at the files does not tell, and the data themselves do. */
function checkWithFacts(analysis: Analysis, found: DatasetFacts, data: string | undefined): Analysis {
  const { spec, source } = analysis
  const { unknown, absentClasses, ...seen } = spec.facts ?? {}
  const facts = { ...found, ...seen }
  if (unknown === undefined && absentClasses === undefined && Object.keys(facts).length === Object.keys(seen).length)
    return analysis
  const known = new Map([[keyOfDataset(spec.dataset!), facts]])
  return checkText(source.text, source.file, { host: nodeHost, data, facts: known })
}

function withoutNotFound(analysis: Analysis): Analysis {
  return { ...analysis, diagnostics: analysis.diagnostics.filter(({ code }) => code !== 'data/not-found') }
}

/** Where labels are out of range, their number says nothing of the number of classes. */
function withoutStrayClasses(analysis: Analysis, found: readonly DataFinding[]): Analysis {
  if (!found.some(({ code }) => code === 'data/label-out-of-range')) return analysis
  return { ...analysis, diagnostics: analysis.diagnostics.filter(({ code }) => code !== 'meaning/class-count') }
}

/** Adds what was found in the samples, without what the spec ignores, in order of place. */
function withFindings(analysis: Analysis, findings: readonly DataFinding[]): Analysis {
  const { source, spec, diagnostics } = analysis
  const path = placeOfDataset(spec, source)
  const found = findings.map(({ code, message, ...rest }) => reportAt(source, code, path, message, rest))
  const kept = silenceIgnored(found, spec.ignore, source, isFoundInSamples)
  // As everywhere, no entry is needless while there are errors.
  const added = hasErrors(diagnostics) ? kept.filter(({ code }) => code !== 'meaning/needless-ignore') : kept
  // A fix of the text cannot be proven without reading the data again.
  const all = [...diagnostics, ...added.map((one) => ({ ...one, fixes: [] }))]
  return { ...analysis, diagnostics: all.toSorted((a, b) => a.span.start - b.span.start) }
}

/** The option that says where the data are, where there is one. */
function placeOfDataset({ dataset }: Spec, source: SourceDocument): Path {
  const { type } = dataset!
  const options = lookUp(datasetTable, type).paths ?? ['path']
  const stated = options.find((option) => source.nodeAt(['dataset', type, option]) !== undefined)
  return ['dataset', type, ...(stated === undefined ? [] : [stated])]
}
