/** All rules. Findings at the same place are reported in this order. */
import { augmentation } from './augmentation.ts'
import { batchExceedsData } from './batchExceedsData.ts'
import { overBudget } from './overBudget.ts'
import { callbacks } from './callbacks.ts'
import { channelsFirst } from './channelsFirst.ts'
import { classCount } from './classCount.ts'
import { classWeights } from './classWeights.ts'
import { constantKernel } from './constantKernel.ts'
import { datasetProblems } from './datasetProblems.ts'
import type { Rule } from './defineRule.ts'
import { dropoutBeforeOutput } from './dropoutBeforeOutput.ts'
import { dropoutRate } from './dropoutRate.ts'
import { duplicateMetric } from './duplicateMetric.ts'
import { finalRectifier } from './finalRectifier.ts'
import { frozenStatistics } from './frozenStatistics.ts'
import { hiddenSoftmax } from './hiddenSoftmax.ts'
import { indices } from './indices.ts'
import { inputShape } from './inputShape.ts'
import { layerPatterns } from './layerPatterns.ts'
import { learningRate } from './learningRate.ts'
import { linearStack } from './linearStack.ts'
import { lossActivation } from './lossActivation.ts'
import { lossLabels } from './lossLabels.ts'
import { lostMasks } from './lostMasks.ts'
import { metricFit } from './metricFit.ts'
import { noEffect } from './noEffect.ts'
import { normalizeMisfit } from './normalizeMisfit.ts'
import { nothingToTrain } from './nothingToTrain.ts'
import { outputRank } from './outputRank.ts'
import { pretrainedWeights } from './pretrainedWeights.ts'
import { receptiveField } from './receptiveField.ts'
import { redundantBias } from './redundantBias.ts'
import { repeatedActivation } from './repeatedActivation.ts'
import { scheduleMisfit } from './scheduleMisfit.ts'
import { singleSoftmax } from './singleSoftmax.ts'
import { tensorTooLarge } from './tensorTooLarge.ts'
import { weightDecay } from './weightDecay.ts'

export const ruleTable: readonly Rule[] = [
  // data
  datasetProblems,
  inputShape,
  channelsFirst,
  indices,
  batchExceedsData,
  augmentation,
  normalizeMisfit,
  // cost
  overBudget,
  tensorTooLarge,
  // training
  learningRate,
  scheduleMisfit,
  weightDecay,
  classWeights,
  nothingToTrain,
  layerPatterns,
  pretrainedWeights,
  callbacks,
  // layers
  noEffect,
  dropoutRate,
  frozenStatistics,
  repeatedActivation,
  hiddenSoftmax,
  redundantBias,
  lostMasks,
  receptiveField,
  constantKernel,
  linearStack,
  // final layers, losses and metrics
  dropoutBeforeOutput,
  lossLabels,
  outputRank,
  lossActivation,
  finalRectifier,
  singleSoftmax,
  classCount,
  metricFit,
  duplicateMetric,
]
