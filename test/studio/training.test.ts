/** Training by the server of the studio, with the built command line, without a browser. */
import { existsSync, readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createStepMeasure } from '../../src/studio/server/trainingChannel.ts'
import { applyTrainingEvent, idleState } from '../../src/studio/trainingState.ts'
import { bin } from '../cli/runCli.ts'
import { smallMnist, spec } from './smallMnist.ts'
import { call, openStudio, watch } from './studio.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = smallMnist({
  'long.yaml': spec.replace('epochs: 3', 'epochs: 400'),
  'wrong.yaml': 'name: x\nlayers: [{ dense: {} }]\n',
})
const server = await openStudio(folder, temporaryFolder({ 'index.html': '' }))
const { url } = server
const watched = await watch(url)
afterAll(async () => {
  watched.close()
  await server.close()
})

it('pauses at a step, stops, saves and resumes, and reports what is drawn', { timeout: 120_000 }, async () => {
  const ended = watched.next('ended')
  const paused = watched.next('paused')
  const progress = watched.next('progress')
  await call(url, 'train', { spec: 'long.yaml', engine: 'wasm' })
  await expect(call(url, 'train', { spec: 'digits.yaml' })).rejects.toThrow('long.yaml is being trained')
  await progress
  await call(url, 'pause', {})
  await paused
  const { length } = watched.events
  await new Promise((done) => setTimeout(done, 600))
  expect(watched.events).toHaveLength(length)
  // A page that is opened now is shown the same.
  const other = await watch(url)
  expect(other.state).toEqual(watched.state)
  other.close()
  const confusion = watched.next('confusion')
  await call(url, 'proceed', {})
  await confusion
  await call(url, 'stop', {})
  await ended
  const { run, status, epochs, confusion: matrix, points, progress: last } = watched.state
  expect({ run, status }).toEqual({ run: 'runs/digits', status: 'stopped' })
  expect(epochs[0]).toMatchObject({ epoch: 1, loss: expect.any(Number), val_accuracy: expect.any(Number) })
  expect(matrix).toMatchObject({ split: 'validation', samples: 300, classNames: [...'0123456789'] })
  expect(matrix!.matrix.flat().reduce((sum, count) => sum + count)).toBe(300)
  expect(points[0]!.values['loss']).toBeGreaterThan(points.at(-1)!.values['loss']!)
  expect(last!.imagesPerSecond).toBeGreaterThan(0)
  expect(await call(url, 'run', { folder: 'runs/digits' })).toMatchObject({ hasModel: true, spec: 'long.yaml' })

  const resumed = watched.next('plan')
  const endedAgain = watched.next('ended')
  await call(url, 'train', { spec: 'long.yaml', resume: 'runs/digits' })
  await resumed
  await watched.next('progress')
  expect(watched.state.epochs.length).toBeGreaterThanOrEqual(epochs.length)
  expect(watched.state.notes[0]).toMatch(/^Resuming from /)
  await call(url, 'stop', {})
  await endedAgain
})

it('reports why a spec cannot be trained', { timeout: 60_000 }, async () => {
  const ended = watched.next('ended')
  await call(url, 'train', { spec: 'wrong.yaml' })
  await ended
  expect(watched.state).toMatchObject({
    status: 'failed',
    problem: { message: expect.stringContaining('error[schema/missing-key]') },
  })
})

it('saves the run when the command is stopped by Ctrl-C, and exits with 0', { timeout: 120_000 }, async () => {
  const own = smallMnist({ 'digits.yaml': spec.replace('epochs: 3', 'epochs: 400') })
  const child = spawn(process.execPath, [bin, 'studio', own, '--no-open'])
  const address = await new Promise<string>((done) =>
    child.stdout.once('data', (text: Buffer) => done(text.toString().trim())),
  )
  const page = await watch(address)
  const progress = page.next('progress')
  await call(address, 'train', { spec: 'digits.yaml', engine: 'wasm' })
  await progress
  page.close()
  child.kill('SIGINT')
  expect(await new Promise((done) => child.once('exit', (code) => done(code)))).toBe(0)
  expect(existsSync(join(own, 'runs/digits/model/model.json'))).toBe(true)
  expect(JSON.parse(readFileSync(join(own, 'runs/digits/manifest.json'), 'utf8'))).toMatchObject({
    state: 'interrupted',
  })
})

it('the loss of steps is derived from the means over an epoch', () => {
  const measure = createStepMeasure()
  expect(measure.read(1, 2, 8, { loss: 4, topK: 1 })).toEqual({ at: 0.25, values: { loss: 4 } })
  expect(measure.read(1, 4, 8, { loss: 3, topK: 1 })).toEqual({ at: 0.5, values: { loss: 2 } })
  expect(measure.read(1, 4, 8, { loss: 3 })).toBeUndefined()
  measure.reset()
  expect(measure.read(2, 4, 8, { loss: 1, accuracy: 0.5 })).toEqual({ at: 1.5, values: { loss: 1, accuracy: 0.5 } })
})

it('the points of a long training are thinned out', () => {
  let state = idleState
  for (let step = 1; step <= 5000; step += 1) {
    const progress = { epoch: 1, step, steps: 5000, logs: {}, imagesPerSecond: 1, secondsLeft: 1 }
    state = applyTrainingEvent(state, {
      kind: 'progress',
      ...progress,
      point: { at: step / 5000, values: { loss: 1 } },
    })
  }
  expect(state.points.length).toBeLessThanOrEqual(2000)
  expect(state.points.at(-1)!.at).toBe(1)
})
