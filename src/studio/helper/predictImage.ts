/** Predicts an image with the network of a run, which stays open for the next image. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programOf } from '../../compile.ts'
import { lookUp } from '../../language/schema.ts'
import { datasetTable } from '../../parts/datasets/table.ts'
import { analyzeRun } from '../../report/run/analyzeRun.ts'
import { readRun } from '../../report/run/runRecord.ts'
import { KnownError } from '../../system/knownError.ts'
import { modelFiles, runFiles } from '../../system/runFiles.ts'
import { openNetwork, type ExplainedPrediction, type OpenedNetwork } from '../../tasks/predict/explainPrediction.ts'
import { networkOf } from '../../tasks/predict/predictRun.ts'
import type { PredictionQuestion } from '../calls.ts'
import { drawPng } from './drawPng.ts'

/** The network that was used last, and the run and the time of its weights. */
let opened: { readonly key: string; readonly network: OpenedNetwork } | undefined

export async function predictImage({ run, image, invert }: PredictionQuestion): Promise<ExplainedPrediction> {
  const network = await networkOfRun(run)
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-image-'))
  try {
    const path = join(folder, 'image')
    writeFileSync(path, Buffer.from(image, 'base64'))
    return await network.explain(path, invert)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function networkOfRun(folder: string): Promise<OpenedNetwork> {
  const weights = statSync(join(folder, runFiles.model, modelFiles.weights), { throwIfNoEntry: false })
  const key = `${folder} ${weights?.mtimeMs}`
  if (opened?.key === key) return opened.network
  const record = await readRun(folder, 'network')
  const analysis = record && analyzeRun(record)
  if (weights === undefined || record?.metadata === undefined)
    throw new KnownError('usage', `${folder} has no model yet`, 'a run saves its model when it ends or is stopped')
  if (analysis === undefined)
    throw new KnownError('usage', `the network of ${folder} cannot be built`, 'its spec is missing, or has errors')
  const { dataset } = analysis.spec
  const { fit = 'contain' } = (dataset && lookUp(datasetTable, dataset.type)?.newSamples?.(dataset.options)) ?? {}
  const draw = async (pixels: Uint8Array, width: number, height: number, channels: number) =>
    drawPng(pixels, width, height, channels)
  const network = await openNetwork(networkOf(programOf(analysis)), folder, { metadata: record.metadata, fit, draw })
  opened?.network.dispose()
  opened = { key, network }
  return network
}
