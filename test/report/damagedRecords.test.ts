/** The JSON files of a run that keeps no checksums: one of another form is refused, with its path and what to do. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRun } from '../../src/report/run/runRecord.ts'
import { readNewestCheckpoint } from '../../src/runtime/runs/checkpointFolder.ts'
import { readRunModel } from '../../src/runtime/runs/saveModel.ts'
import { encodeTensorFile } from '../../src/runtime/runs/tensorFile.ts'
import { readVerifiedRecord } from '../../src/runtime/runs/verifiedFiles.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const weights = { name: 'a/kernel', shape: [1], dtype: 'float32' }
const whole = {
  'environment.json': { date: '2026-11-25T02:00:00.000Z', engine: { name: 'wasm' } },
  'resolved.json': { name: 'net', training: { epochs: 2 } },
  'evaluation.json': { loss: 0.5 },
  'inspection.json': { version: 1, samples: 1, outputs: [] },
  'model/model.json': { modelTopology: {}, weightsManifest: [{ paths: ['weights.bin'], weights: [weights] }] },
}

function writeRun(file?: string, content?: string): string {
  const texts = Object.entries(whole).map(([name, value]) => [name, name === file ? content! : JSON.stringify(value)])
  return temporaryFolder({ ...Object.fromEntries(texts), 'model/weights.bin': new Uint8Array(4) })
}

async function readAll(folder: string): Promise<void> {
  await readRun(folder)
  await readRunModel(folder)
}

it('reads a whole one', async () => {
  await expect(readAll(writeRun())).resolves.toBeUndefined()
})

it.each<[file: keyof typeof whole, content: string, problem: string]>([
  ['environment.json', '', 'it is not JSON'],
  ['environment.json', '{"engine":"wasm"}', '`engine` is not an object'],
  ['environment.json', '{"date":5}', '`date` is not a string'],
  ['resolved.json', '{"name":', 'it is not JSON'],
  ['resolved.json', '{"name":{}}', '`name` is not a string'],
  ['resolved.json', '{"optimizer":{"options":{}}}', '`optimizer.type` is missing'],
  ['evaluation.json', '[0.5]', 'its content is not an object'],
  ['inspection.json', '{"version":1,"samples":4}', '`outputs` is missing'],
  ['inspection.json', '{"version":1,"samples":4,"outputs":[{}]}', '`outputs.0.kind` is missing'],
  ['model/model.json', 'null', 'its content is not an object'],
  ['model/model.json', '{"modelTopology":{}}', '`weightsManifest` is missing'],
  ['model/model.json', '{"modelTopology":{},"weightsManifest":{}}', '`weightsManifest` is not a list'],
  [
    'model/model.json',
    '{"modelTopology":{},"weightsManifest":[],"userDefinedMetadata":{"preprocessing":{"shape":"4"}}}',
    '`userDefinedMetadata.preprocessing.shape` is not a list',
  ],
])('refuses %s: %s', async (file, content, problem) => {
  const folder = writeRun(file, content)
  const message = `${join(folder, file)} is damaged: ${problem}.`
  await expect(readAll(folder)).rejects.toThrow(
    expect.objectContaining({ code: 'run', message, help: expect.stringMatching(/backup|--resume/) }),
  )
})

it('refuses what is to be resumed', async () => {
  const folder = writeRun('resolved.json', '{"name":"net","training":{}}')
  const reading = readVerifiedRecord({ folder, manifest: undefined }, 'resolved.json', {
    training: { epochs: 'number' },
  })
  await expect(reading).rejects.toThrow('`training.epochs` is missing')
})

it.each([
  ['{}', 'its state is incomplete'],
  ['[]', 'its state is incomplete'],
  ['{', 'its state is incomplete'],
])('passes over a checkpoint whose state is %s', async (state, why) => {
  const folder = writeRun()
  mkdirSync(join(folder, 'checkpoints'))
  const bytes = encodeTensorFile({ tensors: [], metadata: { format: 'shapewright checkpoint 1', state } })
  writeFileSync(join(folder, 'checkpoints/step-00000001.safetensors'), Buffer.concat(bytes))
  const damaged: string[] = []
  expect(await readNewestCheckpoint(folder, (_path, reason) => damaged.push(reason))).toBeUndefined()
  expect(damaged).toEqual([why])
})
