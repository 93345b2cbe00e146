/** What no schema and no shape sees: whether data, network, loss and optimizer mean the same thing. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { SourceDocument } from '../source/source.ts'
import type { Spec } from '../validation/spec.ts'
import type { ShapedGraph } from '../graph/shapes.ts'
import { checkAugmentation } from './augmentation.ts'
import { checkBatchSize } from './batchSize.ts'
import { checkBudget } from './budget.ts'
import { checkCallbacks } from './callbacks.ts'
import { checkClassCount } from './classCount.ts'
import { checkClassWeights } from './classWeights.ts'
import { checkDataset } from './dataset.ts'
import { checkDuplicateMetric } from './duplicateMetric.ts'
import { checkDropoutRate } from './dropoutRate.ts'
import { checkDropoutBeforeOutput } from './dropoutBeforeOutput.ts'
import { checkInputShape } from './inputShape.ts'
import { checkLearningRate } from './learningRate.ts'
import { checkLossActivation } from './lossActivation.ts'
import { checkLossLabels } from './lossLabels.ts'
import { checkFinalRectifier } from './finalRectifier.ts'
import { checkHiddenSoftmax } from './hiddenSoftmax.ts'
import { checkNoEffect } from './noEffect.ts'
import { checkRepeatedActivation } from './repeatedActivation.ts'
import { checkSchedule } from './schedule.ts'
import { checkSingleSoftmax } from './singleSoftmax.ts'
import { checkMasks } from './masks.ts'
import { checkConstantKernel } from './constantKernel.ts'
import { checkLinearStack } from './linearStack.ts'
import { checkReceptiveField } from './receptiveField.ts'
import { checkMetricFit } from './metricFit.ts'
import { checkTensorSize } from './tensorSize.ts'
import { checkWeightDecay } from './weightDecay.ts'
import { networkOf, type MeaningCheck } from './meaningCheck.ts'
import { checkNormalize } from './normalize.ts'
import { checkNothingToTrain } from './nothingToTrain.ts'
import { checkOutputRank } from './outputRank.ts'
import { checkRedundantBias } from './redundantBias.ts'

/** Every check of meaning. */
const meaningChecks: readonly MeaningCheck[] = [
  // data
  checkDataset,
  checkInputShape,
  checkBatchSize,
  checkAugmentation,
  checkNormalize,
  // cost
  checkBudget,
  checkTensorSize,
  // training
  checkLearningRate,
  checkSchedule,
  checkWeightDecay,
  checkClassWeights,
  checkNothingToTrain,
  checkCallbacks,
  // layers
  checkNoEffect,
  checkDropoutRate,
  checkRepeatedActivation,
  checkHiddenSoftmax,
  checkRedundantBias,
  checkMasks,
  checkReceptiveField,
  checkConstantKernel,
  checkLinearStack,
  // what the network ends in
  checkDropoutBeforeOutput,
  checkLossLabels,
  checkOutputRank,
  checkLossActivation,
  checkFinalRectifier,
  checkSingleSoftmax,
  checkClassCount,
  checkMetricFit,
  checkDuplicateMetric,
]

export function checkMeaning(spec: Spec, shaped: ShapedGraph, source: SourceDocument): Diagnostic[] {
  const network = networkOf(spec, shaped, source)
  return withoutRepetition(meaningChecks.flatMap((check) => check(network)))
}

/** What serves several outputs, such as their loss, may be wrong for each of them: that is one mistake. */
function withoutRepetition(found: readonly Diagnostic[]): Diagnostic[] {
  const told = new Map(found.toReversed().map((one) => [`${one.code} ${one.span.start} ${one.message}`, one]))
  return found.filter((one) => told.get(`${one.code} ${one.span.start} ${one.message}`) === one)
}
