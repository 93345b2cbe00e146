import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { csvLog } from '../../../src/runtime/callbacks/csvLog.ts'
import { encodeEvent } from '../../../src/runtime/callbacks/eventFile.ts'
import { tensorBoard } from '../../../src/runtime/callbacks/tensorBoard.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { type Experiment } from '../../../src/runtime/experiment.ts'
import { RunInFolder } from '../checkpoints/interruptedRun.ts'
import { tinyExperiment } from '../tinyExperiment.ts'

beforeAll(startCpuEngine)

let run: RunInFolder
beforeEach(() => {
  run = new RunInFolder()
})
afterEach(() => run.remove())

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
      const events = readEvents(curve)
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
    const [, first] = readEvents('train')
    await run.resume(experiment)
    const events = readEvents('train').slice(1)
    expect(events.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(events[0]).toEqual(first)
  })
})

interface ReadEvent {
  readonly wallTime: number
  readonly step: number
  readonly version?: string
  readonly scalars: Record<string, number>
}

/** Reads an event file by the documentation of its format, checksums included. */
function readEvents(curve: string): ReadEvent[] {
  const folder = join(run.folder, 'tensorboard', curve)
  const files = existsSync(folder) ? readdirSync(folder) : []
  expect(files).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.shapewright$/)])
  const bytes = readFileSync(join(folder, files[0]!))
  const events: ReadEvent[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    expect(bytes.readUInt32LE(at + 8)).toBe(checksum(bytes.subarray(at, at + 8)))
    const record = bytes.subarray(at + 12, at + 12 + length)
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(checksum(record))
    events.push(readEvent(record))
    at += 16 + length
  }
  return events
}

function readEvent(record: Buffer): ReadEvent {
  const fields = readFields(record)
  const version = fields.get(3)?.[0] as Buffer | undefined
  const summary = fields.get(5)?.[0] as Buffer | undefined
  const values = summary ? (readFields(summary).get(1) as Buffer[]) : []
  const scalars = values.map((value) => {
    const parts = readFields(value)
    return [String(parts.get(1)![0]), (parts.get(2)![0] as Buffer).readFloatLE()] as const
  })
  return {
    wallTime: (fields.get(1)![0] as Buffer).readDoubleLE(),
    step: (fields.get(2)?.[0] as number | undefined) ?? 0,
    ...(version && { version: version.toString() }),
    scalars: Object.fromEntries(scalars),
  }
}

/** The fields of a message of protocol buffers by their numbers. */
function readFields(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>()
  let at = 0
  const varint = (): number => {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = bytes[at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }
  const take = (length: number) => bytes.subarray(at, (at += length))
  while (at < bytes.length) {
    const key = varint()
    const kind = key % 8
    const value = kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : varint())
    fields.set(Math.floor(key / 8), [...(fields.get(Math.floor(key / 8)) ?? []), value])
  }
  return fields
}

/** CRC-32C by a table, masked. */
function checksum(bytes: Uint8Array): number {
  const table = Array.from({ length: 256 }, (_, index) => {
    let crc = index
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    return crc >>> 0
  })
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
