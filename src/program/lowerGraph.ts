/** Lowers a shaped graph to a program, with explicit names, seeds and training. */
import { callbackTable } from '../parts/callbacks/table.ts'
import { augmentationTable } from '../parts/augmentations/table.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { objectivesOf, type OutputObjective } from '../graph/objectives.ts'
import { plannedRunOf } from '../graph/plannedRun.ts'
import { costOf, hasUnknownSize } from '../graph/cost.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import { callsTo } from '../language/calls.ts'
import { formatShape } from '../language/dims.ts'
import { express, type Call, type Expressible, type Expression } from '../language/expression.ts'
import { withoutWeightPenalties } from '../language/lowerOptions.ts'
import { lookUp, type Choice } from '../language/schema.ts'
import { isInput, layerDef } from '../parts/layers/table.ts'
import { lossTable } from '../parts/losses/table.ts'
import { metricTable } from '../parts/metrics/table.ts'
import { scheduleTable } from '../parts/schedules/table.ts'
import { withoutNotes } from '../validation/perOutput.ts'
import type { Spec, Training } from '../validation/spec.ts'
import { nodesInModel, ratesOfLayers, weightsOfLayers } from './layerChoices.ts'
import { lowerOptimizer, lowerTraining } from './lowerOptimizer.ts'
import { lowerScript } from './lowerScript.ts'
import { copyRepeatedInputs } from './repeatedInputs.ts'
import type { Program, ProgramData, ProgramExperiment, ProgramLayer } from './program.ts'
import { findUsedLayers } from './usedLayers.ts'

const penaltyCall = callsTo<typeof import('../script/outputPenalties.ts')>()
const splitCall = callsTo<typeof import('../runtime/data/holdOut.ts')>()
const normalizationCall = callsTo<typeof import('../runtime/data/normalize.ts')>()
const augmentationCall = callsTo<typeof import('../script/augmentation.ts')>()
const weightCall = callsTo<typeof import('../runtime/training/classWeights.ts')>()

/** Lowers a graph, which must have no errors. */
export function lowerGraph(spec: Spec, shaped: ShapedGraph): Program {
  const numberSeeds = createSeedNumbering()
  const placed = shaped.nodes.map((node) => lowerNode(node, numberSeeds))
  const layers = copyRepeatedInputs(findUsedLayers(placed, shaped.outputs), shaped.outputs)
  const experiment = lowerExperiment(spec, shaped, layers)
  const script = lowerScript(spec, shaped, layers)
  const { params, trainableParams, flops } = costOf(spec, shaped)
  return {
    name: spec.name,
    layers,
    inputs: shaped.nodes.filter(({ layer }) => isInput(layer.type)).map(({ name }) => name),
    outputs: shaped.outputs,
    params,
    trainableParams,
    ...(!shaped.nodes.some(hasUnknownSize) && { flops }),
    ...(experiment && { experiment }),
    ...(script && { script }),
  }
}

/** Returns the keys that the spec still needs before it can be trained. */
export function missingForTraining(spec: Spec): string[] {
  const needed = { dataset: spec.dataset, optimizer: spec.optimizer, loss: spec.loss }
  return Object.entries(needed).flatMap(([key, value]) => (value === undefined ? [key] : []))
}

function lowerNode(node: ShapedNode, numberSeeds: (expression: Expression) => Expression): ProgramLayer {
  const { name, inputs, inputShapes, shape, layer, applies } = node
  const place = { name, inputs, shape: formatShape(shape), isUsed: true, isNamed: node.layer.name !== undefined }
  if (applies !== undefined) return { ...place, applies }
  const placed = { name, trainable: layer.trainable, inputs: inputShapes, output: shape }
  const made = layerDef(layer.type).lower(layer.options, placed)
  const lowered = layer.trainable ? made : withoutWeightPenalties(made)
  const common = express({ name: node.name, ...(node.layer.trainable ? {} : { trainable: false }) })
  const own = lowered.args[0]
  const fields = [...(common.kind === 'record' ? common.fields : []), ...(own?.kind === 'record' ? own.fields : [])]
  const whole: Call = { kind: 'call', callee: lowered.callee, args: [{ kind: 'record', fields }] }
  const isPenalized = fields.some(([key]) => key === 'activityRegularizer')
  return { ...place, call: numberSeeds(isPenalized ? penaltyCall('penalizeOutput', whole) : whole) as Call }
}

/** Numbers every seed, starting at 1: some distributions of TensorFlow.js treat a seed of 0 as no seed. */
function createSeedNumbering(): (expression: Expression) => Expression {
  let last = 0
  const number = (expression: Expression): Expression => {
    switch (expression.kind) {
      case 'seed':
        last += 1
        return { kind: 'seed', offset: last }
      case 'call':
        return { ...expression, args: expression.args.map(number) }
      case 'list':
        return { ...expression, items: expression.items.map(number) }
      case 'record':
        return { ...expression, fields: expression.fields.map(([key, value]) => [key, number(value)] as const) }
      case 'literal':
      case 'reference':
        return expression
    }
  }
  return number
}

function lowerExperiment(
  spec: Spec,
  { nodes, outputs }: ShapedGraph,
  layers: readonly ProgramLayer[],
): ProgramExperiment | undefined {
  const { optimizer, training, schedule, callbacks, weights } = spec
  const data = lowerData(spec)
  if (!data || !optimizer || !spec.loss) return undefined
  const inModel = nodesInModel(nodes, layers)
  const learningRates = ratesOfLayers(spec, inModel)
  return {
    ...data,
    optimizer: lowerOptimizer(optimizer, training),
    learningRate: optimizer.options['learningRate'] as number,
    ...(Object.keys(learningRates).length > 0 && { learningRates }),
    ...lowerObjectives(objectivesOf(spec, outputs), training),
    training: lowerTraining(training),
    ...(schedule && { schedule: lookUp(scheduleTable, schedule.type).lower(schedule.options) }),
    ...(callbacks.length > 0 && { callbacks: lowerCallbacks(spec, outputs) }),
    ...(weights && { weights: weightsOfLayers(weights, inModel) }),
  }
}

function lowerCallbacks(spec: Spec, outputs: readonly string[]): Expression {
  const run = plannedRunOf(spec, outputs)
  return express(spec.callbacks.map(({ type, options }) => lookUp(callbackTable, type).lower(options, run)))
}

/** Lowers the dataset and its augmentations. Returns undefined if the spec has no dataset. */
export function lowerData(spec: Spec): ProgramData | undefined {
  const { dataset, facts = {} } = spec
  if (dataset === undefined) return undefined
  const read = lookUp(datasetTable, dataset.type).lower(dataset.options, facts)
  return { dataset: lowerNormalization(spec, lowerValidation(spec, read)), ...lowerAugmentations(spec) }
}

function lowerValidation({ training: { stratified, validationSplit } }: Spec, dataset: Call): Call {
  if (stratified !== true || validationSplit === 0) return dataset
  return splitCall('holdOutStratified', dataset, validationSplit)
}

function lowerNormalization({ normalize }: Spec, dataset: Call): Call {
  if (normalize === undefined) return dataset
  const { mean, std, fit } = normalize
  return normalizationCall('normalizeInputs', dataset, fit ? express({ fit }) : express({ mean, std }))
}

/** Lowers augmentations. Consecutive ones that change single images share one call. */
function lowerAugmentations({ augment }: Spec): Pick<ProgramData, 'augment'> {
  const changes: Call[] = []
  let images: Call[] = []
  const takeImages = (place: number) => {
    if (images.length === 0) return
    const first = place - images.length
    changes.push(
      first > 0 ? augmentationCall('augmentImages', images, first) : augmentationCall('augmentImages', images),
    )
    images = []
  }
  for (const [place, { type, options }] of augment.entries()) {
    const { mixes, lower } = lookUp(augmentationTable, type)
    const lowered = lower(options)
    if (mixes !== true) images.push(lowered)
    else {
      takeImages(place)
      changes.push(lowered)
    }
  }
  takeImages(augment.length)
  const [first, ...others] = changes
  if (first === undefined) return {}
  return { augment: others.length === 0 ? first : augmentationCall('changeInTurn', changes) }
}

/** Lowers objectives: a single unweighted output to its loss and its list of metrics, otherwise to maps by output. */
function lowerObjectives(
  objectives: readonly OutputObjective[],
  training: Training,
): Pick<ProgramExperiment, 'loss' | 'lossWeights' | 'metrics'> {
  const lowered = objectives.map(({ output, loss, weight, metrics }) => ({
    output,
    weight,
    loss: lowerLoss(loss, training),
    metrics: metrics.map(({ type, options }) => lookUp(metricTable, type).lower(options)),
  }))
  const [only, ...others] = lowered
  if (only?.weight === 1 && others.length === 0) return { loss: only.loss, metrics: express(only.metrics) }
  const weighted = lowered.filter(({ weight }) => weight !== 1)
  const measured = lowered.filter(({ metrics }) => metrics.length > 0)
  return {
    loss: mapExpression(lowered.map(({ output, loss }) => [output, loss])),
    ...(weighted.length > 0 && { lossWeights: mapExpression(weighted.map(({ output, weight }) => [output, weight])) }),
    metrics: mapExpression(measured.map(({ output, metrics }) => [output, metrics])),
  }
}

function lowerLoss({ type, options }: Choice, { classWeights }: Training): Call {
  const loss = lookUp(lossTable, type).lower(options)
  if (classWeights === undefined) return loss
  if (classWeights === 'balanced') return weightCall('weighClasses', loss, classWeights)
  return weightCall('weighClasses', loss, mapExpression(Object.entries(withoutNotes(classWeights))))
}

/** Creates a record whose keys come from the spec. */
function mapExpression(entries: readonly (readonly [string, Expressible])[]): Expression {
  return { kind: 'record', fields: entries.map(([key, value]) => [key, express(value)] as const) }
}
