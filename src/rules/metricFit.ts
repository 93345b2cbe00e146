/** Checks that metrics fit the labels of the dataset and the outputs of the network. */
import { countOf } from '../diagnostics/formatCount.ts'
import { activationFacts } from '../language/activations.ts'
import { lookUp } from '../language/schema.ts'
import type { Fix, Path } from '../diagnostics/diagnostic.ts'
import type { Fit, LabelKind } from '../language/fit.ts'
import type { MetricDef } from '../language/metricDef.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { setValue } from '../source/edits.ts'
import { defineRule, type Finding } from './defineRule.ts'
import {
  finalActivation,
  fitsLabels,
  fittingUnits,
  trainedOutputs,
  suitOf,
  unfitActivation,
  type OutputMetric,
  type TrainedOutput,
} from './trainedOutputs.ts'
import { describeLabels, type CheckedNetwork } from './checkedNetwork.ts'

export const metricFit = defineRule({
  codes: ['meaning/metric-misfit', 'meaning/unusual-metric'],
  check(network) {
    return trainedOutputs(network).flatMap((judged) => {
      if (!isJudgeable(judged, network)) return []
      return judged.metrics.flatMap((metric) => {
        const found = checks.flatMap((check) => check(judged, metric, lookUp(metricTable, metric.name), network) ?? [])
        return found.slice(0, 1)
      })
    })
  },
})

type MetricCheck = (
  judged: TrainedOutput,
  metric: OutputMetric,
  def: MetricDef,
  network: CheckedNetwork,
) => Finding | undefined

/** The most serious first: of each metric, only the first finding is reported. */
const checks: readonly MetricCheck[] = [checkLabels, checkUnits, checkRange, checkOddLabels, checkKindOfLoss]

/** Whether the loss fits. If it does not, the loss is the mistake and metrics are not checked. */
function isJudgeable(judged: TrainedOutput, network: CheckedNetwork): boolean {
  const { units, loss } = judged
  const { dataset } = network
  const hasRightUnits = dataset === undefined || units === undefined || fittingUnits(loss, dataset).includes(units)
  return fitsLabels(judged, dataset) && hasRightUnits && unfitActivation(judged, network) === undefined
}

function checkLabels(
  { units, metrics }: TrainedOutput,
  { name, path }: OutputMetric,
  def: MetricDef,
  network: CheckedNetwork,
): Finding | undefined {
  const { dataset } = network
  if (dataset === undefined || suitOf(def, dataset, units) !== undefined) return undefined
  const message = `\`${name}\` does not fit ${describeLabels(network)}`
  const fixes = takeUsualMetric(path, metrics, network)
  return { code: 'meaning/metric-misfit', path, message, help: usualMetric(network).help, fixes }
}

function checkOddLabels(
  { units }: TrainedOutput,
  { name, path }: OutputMetric,
  def: MetricDef,
  network: CheckedNetwork,
): Finding | undefined {
  const { dataset } = network
  if (dataset === undefined || suitOf(def, dataset, units) !== 'unusual') return undefined
  const message = `\`${name}\` is not informative for ${describeLabels(network)}`
  return { code: 'meaning/unusual-metric', path, message, help: usualMetric(network).help }
}

/** The most informative metric for the labels of the dataset. */
function usualMetric({ dataset }: CheckedNetwork): { name: string; help: string } {
  const kind = dataset?.classes === undefined ? 'values' : 'classes'
  const [name, def] = Object.entries(metricTable).find(([, { usualFor }]) => usualFor?.labels === kind)!
  return { name, help: `for ${kind}, \`${name}\` reports ${def.usualFor!.reports}` }
}

function takeUsualMetric(path: Path, metrics: readonly OutputMetric[], network: CheckedNetwork): Fix[] {
  const usual = usualMetric(network).name
  if (metrics.some(({ name }) => name === usual)) return []
  const edits = setValue(network.source, path, usual)
  return edits ? [{ kind: 'suggestion', title: `replace it with \`${usual}\``, edits }] : []
}

/** Without a dataset, infers the kind of labels from the loss. */
function checkKindOfLoss(
  { loss, lossName }: TrainedOutput,
  { name, path }: OutputMetric,
  def: MetricDef,
  { dataset }: CheckedNetwork,
): Finding | undefined {
  const kinds = (Object.keys(loss.labels) as LabelKind[]).filter((kind) => loss.labels[kind] === 'suited')
  if (dataset !== undefined || kinds.some((kind) => def.labels[kind] === 'suited')) return undefined
  const message = `\`${name}\` and \`${lossName}\` expect different kinds of labels`
  const help = `\`${name}\` is for ${listLabels(def)}, \`${lossName}\` for ${listLabels(loss)}`
  return { code: 'meaning/unusual-metric', path, message, help }
}

function listLabels({ labels }: Fit): string {
  const names: Readonly<Record<LabelKind, string>> = { classes: 'classes', binary: 'yes/no labels', values: 'values' }
  const suited = (Object.keys(names) as LabelKind[]).filter((kind) => labels[kind] === 'suited')
  return suited.map((kind) => names[kind]).join(' and ')
}

function checkUnits(
  { units }: TrainedOutput,
  { name, options, path }: OutputMetric,
  def: MetricDef,
): Finding | undefined {
  const least = def.leastUnits?.(options) ?? 1
  if (units === undefined || units >= least) return undefined
  const k = options['k'] === undefined ? '' : ` with k = ${String(options['k'])}`
  const message = `\`${name}\`${k} is constant with ${countOf(units, 'unit')}`
  return { code: 'meaning/metric-misfit', path, message, help: `it needs at least ${least} units` }
}

/** Checks the range of predictions. Skips losses that accept any predictions: these may be what the metric expects. */
function checkRange(
  { output, units, loss, lossOptions, metrics }: TrainedOutput,
  metric: OutputMetric,
  def: MetricDef,
  network: CheckedNetwork,
): Finding | undefined {
  if (loss.predictions?.(lossOptions, units) === undefined) return undefined
  const range = def.predictions?.(metric.options, units)
  const activation = finalActivation(output, network)?.activation
  if (range === undefined || activation === undefined || range.activations.includes(activation)) return undefined
  const ending = activation === 'linear' ? 'no activation' : `the activation \`${activation}\``
  const isOdd = network.dataset !== undefined && suitOf(def, network.dataset, units) === 'unusual'
  const fixes = isOdd
    ? takeUsualMetric(metric.path, metrics, network)
    : fixesOfRange(metric, def, activation, units, network)
  const message = `the last layer has ${ending}, but \`${metric.name}\` expects ${range.name}`
  return {
    code: 'meaning/metric-misfit',
    path: metric.path,
    message,
    fixes,
    help: fixes[0] ? fixes[0].title : 'use a metric that accepts these predictions, or change the final activation',
  }
}

/** The fix that switches `fromLogits` of the metric as for the loss, or sets the threshold to 0 for one unbounded unit. */
function fixesOfRange(
  { name, options, path }: OutputMetric,
  def: MetricDef,
  activation: string,
  units: number | undefined,
  { source }: CheckedNetwork,
): Fix[] {
  const set = (title: string, value: unknown): Fix[] => {
    const edits = setValue(source, path, value)
    return edits ? [{ kind: 'suggestion', title, edits }] : []
  }
  const fits = (changed: object) =>
    def.predictions?.({ ...options, ...changed }, units)?.activations.includes(activation)
  if (options['fromLogits'] === false && fits({ fromLogits: true }))
    return set('set `fromLogits: true` on the metric', { [name]: { fromLogits: true } })
  if (options['fromLogits'] === true && fits({ fromLogits: false }))
    return set('remove `fromLogits` from the metric', name)
  if (units !== 1 || activationFacts(activation).isCenteredAtZero !== true || def.labels.binary === undefined) return []
  if ('threshold' in options) return set('set its `threshold` to 0', { [name]: { threshold: 0 } })
  return set('replace it with `binaryAccuracy` with a threshold of 0', { binaryAccuracy: { threshold: 0 } })
}
