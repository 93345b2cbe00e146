/** Evaluates a trained network and inspects its predictions: the numbers and pictures of a run's report. */
import type * as tf from '@tensorflow/tfjs'
import type { Program } from '../../program/program.ts'
import type { Samples } from '../../runtime/data/samples.ts'
import { evaluateUnlessAborted } from '../../runtime/training/evaluation.ts'
import type { Experiment } from '../../runtime/training/experiment.ts'
import type { Logs } from '../../runtime/training/runningLogs.ts'
import { PredictionCollector, type Answers } from './predictionCollector.ts'
import { inspectClasses, namesClasses } from './inspectClasses.ts'
import { givesLogits } from './givesLogits.ts'
import { inspectFilters } from './inspectFilters.ts'
import type { ClassInspection, Inspection, ReportedSample, OutputInspection } from './inspection.ts'
import { inspectValues } from './inspectValues.ts'
import { areImages, pictureDrawer, pictureSamples, type DrawPixels } from './pictures.ts'

export interface InspectedEvaluation {
  /** The loss and metrics, as from `evaluateModel`. */
  readonly logs: Logs
  readonly inspection: Inspection
}

/** A network with its program and its losses and metrics. */
export interface TrainedNetwork {
  readonly program: Program
  readonly experiment: Experiment
  readonly model: tf.LayersModel
}

/** The samples that a network is evaluated on. */
export interface TestData {
  readonly test: Samples
  readonly classNames: readonly string[]
}

/** @param withPictures Whether mistakes and filters are drawn. */
export async function inspectModel(
  { program, experiment, model }: TrainedNetwork,
  data: TestData,
  withPictures = true,
): Promise<InspectedEvaluation> {
  const { test } = data
  const gatherer = new PredictionCollector(test.count)
  const { batchSize } = experiment.training
  const logs = await evaluateUnlessAborted(
    model,
    test,
    experiment,
    batchSize,
    new AbortController().signal,
    gatherer.visit,
  )
  const { labels, outputs } = gatherer.read(program.outputs.length)
  const judged = program.outputs.flatMap((output, index) => {
    const answers = outputs[index]
    if (labels === undefined || answers === undefined) return []
    const found = judgeOutput({ output, fromLogits: givesLogits(program, output) }, answers, labels, data)
    return [withOrigins(found, test)]
  })
  const inspection: Inspection = { version: 1, samples: test.count, outputs: judged }
  return { logs: logs!, inspection: withPictures ? await addPictures(inspection, model, test) : inspection }
}

function judgeOutput(
  { output, fromLogits }: { readonly output: string; readonly fromLogits: boolean },
  answers: Answers,
  labels: Float32Array,
  { test, classNames }: TestData,
): OutputInspection {
  const { classes = 0 } = test
  if (!namesClasses(answers.units, classes)) return inspectValues(output, answers, labels)
  const names = Array.from({ length: classes }, (_, index) => classNames[index] ?? String(index))
  return inspectClasses({ ...answers, output, labels, classNames: names, fromLogits })
}

/** Adds the files of the samples: the index alone does not identify an image, because the order of images is random. */
function withOrigins(inspection: OutputInspection, { origin }: Samples): OutputInspection {
  if (origin === undefined) return inspection
  const locate = <One extends ReportedSample>(one: One): One => ({ ...one, origin: origin(one.index) })
  if (inspection.kind === 'classes') return { ...inspection, mistakes: inspection.mistakes.map(locate) }
  return { ...inspection, ...(inspection.worst && { worst: inspection.worst.map(locate) }) }
}

async function addPictures(inspection: Inspection, model: tf.LayersModel, samples: Samples): Promise<Inspection> {
  const draw = await pictureDrawer()
  if (draw === undefined) return inspection
  const filters = await inspectFilters(model, samples.sampleShape, draw)
  const outputs: OutputInspection[] = []
  for (const output of inspection.outputs) {
    outputs.push(
      output.kind === 'classes' && areImages(samples) ? await pictureMistakes(output, samples, draw) : output,
    )
  }
  return { ...inspection, outputs, ...(filters && { filters }) }
}

async function pictureMistakes(
  inspection: ClassInspection,
  samples: Samples,
  draw: DrawPixels,
): Promise<ClassInspection> {
  const numbers = inspection.mistakes.map(({ index }) => index)
  const pictures = await pictureSamples(samples, numbers, draw)
  const mistakes = inspection.mistakes.map((mistake, position) => ({ ...mistake, picture: pictures[position]! }))
  return { ...inspection, mistakes }
}
