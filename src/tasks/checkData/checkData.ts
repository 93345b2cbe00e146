/** Implements `check --data`: reads every sample of a spec's dataset as training reads it. Does not load TensorFlow.js. */
import { isKnownError } from '../../system/knownError.ts'
import { checkText, type Analysis } from '../../analyze.ts'
import { isFoundInSamples, type DiagnosticCode } from '../../diagnostics/codes.ts'
import { lookUp } from '../../language/schema.ts'
import { keyOfDataset, type DatasetFacts } from '../../language/datasetDef.ts'
import { datasetTable } from '../../parts/datasets/table.ts'
import { hasErrors, type Diagnostic, type Path } from '../../diagnostics/diagnostic.ts'
import { findClassUnits } from '../../rules/classUnits.ts'
import { networkOf } from '../../rules/checkedNetwork.ts'
import { indexedInputs } from '../../rules/indices.ts'
import { lowerData } from '../../program/lowerGraph.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { hasValues, type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import { prepareSplits } from '../../runtime/data/prepareSplits.ts'
import { describeUses } from '../../diagnostics/mergeUses.ts'
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
import { checkIndices } from './indexRange.ts'
import { checkLabels } from './labels.ts'
import { passSamples, type PassOptions } from './passSamples.ts'

export { listenForInterruption } from '../../runtime/training/interruption.ts'

export interface DataCheckOptions extends PassOptions {
  /** The path of the dataset; overrides the one in the spec. */
  readonly data?: string | undefined
  /** Called with the splits that are checked, once the dataset is loaded. */
  onSplits?(splits: readonly Split[]): void
}

/**
 * Adds the problems of the samples to an analysis. Returns it unchanged if the spec has no dataset, or an error in its
 * `dataset`.
 *
 * @throws The reason of the signal if it is aborted.
 */
export async function checkData(given: Analysis, options: DataCheckOptions = {}): Promise<Analysis> {
  const analysis = checkWhole(given, options.data)
  const { spec, source, diagnostics } = analysis
  if (spec.dataset === undefined || hasDatasetErrors(diagnostics)) return analysis
  const absent = spec.facts?.problems?.find(({ code }) => code === 'data/not-found')
  if (absent !== undefined) {
    const help = `${absent.help}; \`--data FOLDER\` overrides the path`
    return withFindings(withoutNotFound(analysis), [{ ...absent, severity: 'error', help }])
  }
  const loaded = await loadData(spec, options.data)
  if ('help' in loaded) return withFindings(analysis, [loaded])
  const data = prepareSplits(loaded, spec.training)
  const splits = splitsOf(data)
  options.onSplits?.(splits)
  const known = checkWithFacts(analysis, factsOf(data), options.data)
  const { classNames } = data
  const isHeldOut = loaded.validation === undefined && data.validation !== undefined
  const network = networkOf(known.spec, known.shaped, source)
  const units = findClassUnits(network)
  const labelFindings = checkLabels(splits, { classNames, units, isHeldOut })
  // Fractions have been reported for the whole dataset.
  const indexed = spec.facts?.fractions === undefined ? indexedInputs(network) : []
  const checks = [
    checkFiniteValues(),
    ...indexed.map(checkIndices),
    checkEqualSamples(classNames),
    checkConstantColumns(),
  ]
  const found = [...(await passSamples(splits, checks, options)), ...labelFindings]
  return withFindings(withoutStrayClasses(known, labelFindings), found)
}

/** Analyzes the spec again with the whole table if only its first rows were read, or with the whole folder of images. */
function checkWhole(analysis: Analysis, data: string | undefined): Analysis {
  const { dataset, facts } = analysis.spec
  const isFolder = dataset !== undefined && lookUp(datasetTable, dataset.type).isStreamed === true
  if (facts?.unknown === undefined && !isFolder) return analysis
  const { source, settings } = analysis
  return checkText(source.text, source.file, { host: nodeHost, data, isWhole: true, settings })
}

/** Whether the dataset of the spec cannot be read. After a syntax error, the dataset that was parsed may be a guess. */
function hasDatasetErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(
    ({ code, severity, path }) =>
      severity === 'error' && ((path[0] === 'dataset' && !code.startsWith('meaning/')) || code.startsWith('source/')),
  )
}

/** Loads the dataset without normalization; returns a finding if it cannot be read. */
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

/** Whether the system refused an operation, such as reading a file without permission. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}

function unreadableBySystem({ message }: Error): DataFinding {
  const help = 'make the file or folder readable'
  return { code: 'data/unreadable', message: message.replace(/\.$/, ''), help }
}

/** The splits to check. A dataset without test samples may use its validation samples for both: they are checked once. */
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

function factsOf({ train, validation, test }: DatasetSplits): DatasetFacts {
  return {
    sampleShape: train.sampleShape,
    ...(hasValues(train) && { hasValues: true, ...leastLabel([train, validation, test]) }),
    ...(train.classes !== undefined && { classes: train.classes }),
  }
}

function leastLabel(splits: readonly (Samples | undefined)[]): Pick<DatasetFacts, 'leastLabel'> {
  let least = Infinity
  for (const samples of splits) for (const label of samples?.labels ?? []) if (label < least) least = label
  return Number.isFinite(least) ? { leastLabel: least } : {}
}

/** Analyzes the spec again with the facts that only the loaded data reveal. */
function checkWithFacts(analysis: Analysis, found: DatasetFacts, data: string | undefined): Analysis {
  const { spec, source, settings } = analysis
  const { unknown, absentClasses, ...seen } = spec.facts ?? {}
  const facts = { ...found, ...seen }
  if (unknown === undefined && absentClasses === undefined && Object.keys(facts).length === Object.keys(seen).length)
    return analysis
  const known = new Map([[keyOfDataset(spec.dataset!), facts]])
  return checkText(source.text, source.file, { host: nodeHost, data, facts: known, settings })
}

function withoutNotFound(analysis: Analysis): Analysis {
  return { ...analysis, diagnostics: analysis.diagnostics.filter(({ code }) => code !== 'data/not-found') }
}

/** Drops `meaning/class-count` if labels are out of range: the number of classes was derived from these labels. */
function withoutStrayClasses(analysis: Analysis, found: readonly DataFinding[]): Analysis {
  if (!found.some(({ code }) => code === 'data/label-out-of-range')) return analysis
  return { ...analysis, diagnostics: analysis.diagnostics.filter(({ code }) => code !== 'meaning/class-count') }
}

/** Adds the findings that the spec does not ignore, and sorts all diagnostics by position. */
function withFindings(analysis: Analysis, findings: readonly DataFinding[]): Analysis {
  const { source, spec, diagnostics } = analysis
  const path = placeOfDataset(spec, source)
  const found = findings.map(({ code, message, ...rest }) => describeUses(reportAt(source, code, path, message, rest)))
  // What the description of the dataset reports was silenced by the analysis.
  const isDescribed = (code: DiagnosticCode) => spec.facts?.problems?.some((problem) => problem.code === code) === true
  const isCheckedHere = (code: DiagnosticCode) => isFoundInSamples(code) && !isDescribed(code)
  const kept = silenceIgnored(found, spec.ignore, source, isCheckedHere)
  // As in every check, entries of `ignore` are not reported as needless while there are errors.
  const added = hasErrors(diagnostics) ? kept.filter(({ code }) => code !== 'meaning/needless-ignore') : kept
  // A fix would have to be tried by reading the data again.
  const all = [...diagnostics, ...added.map((one) => ({ ...one, fixes: [] }))]
  return { ...analysis, diagnostics: all.toSorted((a, b) => a.span.start - b.span.start) }
}

/** The path of the option that locates the data, or of the dataset if that option is absent. */
function placeOfDataset({ dataset }: Spec, source: SourceDocument): Path {
  const { type } = dataset!
  const options = lookUp(datasetTable, type).paths ?? ['path']
  const stated = options.find((option) => source.nodeAt(['dataset', type, option]) !== undefined)
  return ['dataset', type, ...(stated === undefined ? [] : [stated])]
}
