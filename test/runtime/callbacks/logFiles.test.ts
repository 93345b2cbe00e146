import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { csvLog } from '../../../src/parts/callbacks/csvLog.fast.ts'
import { encodeEvent } from '../../../src/runtime/formats/eventFile.ts'
import { tensorBoard } from '../../../src/parts/callbacks/tensorBoard.run.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { type Experiment } from '../../../src/runtime/training/experiment.ts'
import { RunInFolder } from '../checkpoints/interruptedRun.ts'
import { tinyExperiment } from '../tinyExperiment.ts'
import { readEvents } from './readEvents.ts'

beforeAll(startCpuEngine)

let run: RunInFolder
beforeEach(() => {
  run = new RunInFolder()
})

const experimentWith = (createCallbacks: Experiment['createCallbacks']): Experiment =>
  tinyExperiment({
    training: { epochs: 3, batchSize: 8, seed: 42, shuffle: true, validationSplit: 0.2 },
    ...(createCallbacks && { createCallbacks }),
  })

const read = (name: string) => readFileSync(join(run.folder, name), 'utf8')

describe('csvLog', () => {
  it('holds what metrics.jsonl does, under the names of the logs', async () => {
    await run.train(experimentWith(() => [csvLog({ separator: ';' })]))
    const [header, ...rows] = read('metrics.csv').trimEnd().split('\n')
    expect(header).toBe('epoch;loss;accuracy;seconds;imagesPerSecond;val_loss;val_accuracy')
    const logs = read('metrics.jsonl').trimEnd().split('\n')
    expect(rows).toEqual(logs.map((line) => Object.values(JSON.parse(line) as object).join(';')))
    expect(rows).toHaveLength(3)
  })

  it('holds each epoch once after an interruption', async () => {
    const experiment = experimentWith(() => [csvLog()])
    await run.interruptAfter(experiment, 8)
    expect(read('metrics.csv').split('\n')).toHaveLength(3)
    await run.resume(experiment)
    const epochs = read('metrics.csv').trimEnd().split('\n').slice(1)
    expect(epochs.map((row) => row.split(',')[0])).toEqual(['1', '2', '3'])
  })
})

describe('tensorBoard', () => {
  it('frames an event as TensorFlow does', () => {
    // Written by RecordWriter and event_pb2 of tensorboard 2.21: step 300, epoch_loss 0.5, wall time 1700000000.25.
    const golden = '2100000000000000017becf60900001040fc54d94110ac022a130a110a0a65706f63685f6c6f7373150000003f9bf562df'
    expect(
      Buffer.from(encodeEvent({ wallTime: 1700000000.25, step: 300, scalars: { epoch_loss: 0.5 } })).toString('hex'),
    ).toBe(golden)
  })

  it('writes a curve for training and one for validation', async () => {
    await run.train(experimentWith(() => [tensorBoard()]))
    const logs = run.readMetrics() as Record<string, number>[]
    for (const [curve, prefix] of [
      ['train', ''],
      ['validation', 'val_'],
    ] as const) {
      const events = readEvents(run.folder, curve)
      expect(events[0]).toMatchObject({ version: 'brain.Event:2' })
      expect(events.slice(1).map(({ step }) => step)).toEqual([1, 2, 3])
      for (const [index, { scalars }] of events.slice(1).entries()) {
        expect(scalars['epoch_loss']).toBe(Math.fround(logs[index]![`${prefix}loss`]!))
        expect(scalars['epoch_accuracy']).toBe(Math.fround(logs[index]![`${prefix}accuracy`]!))
      }
    }
  })

  it('holds each epoch once after an interruption, with the time when it was', async () => {
    const experiment = experimentWith(() => [tensorBoard()])
    await run.interruptAfter(experiment, 8)
    const [, first] = readEvents(run.folder, 'train')
    await run.resume(experiment)
    const events = readEvents(run.folder, 'train').slice(1)
    expect(events.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(events[0]).toEqual(first)
  })
})
