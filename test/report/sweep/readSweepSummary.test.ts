import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSweepSummary } from '../../../src/report/sweep/readSweepSummary.ts'
import { bestTrial } from '../../../src/report/sweep/sweepSummary.ts'
import { writeSweepReport } from '../../../src/report/sweep/writeSweepReport.ts'
import { writeSweepFolder } from './sweepFolder.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const date = '2026-11-29T10:00:00.000Z'

describe('the summary of a sweep folder', () => {
  it('has the state and the results of each trial', async () => {
    const folder = writeSweepFolder([
      { values: { 'vars.width': 16 }, scores: [0.8, 0.7] },
      { values: { 'vars.width': 32 }, scores: [0.8, 0.9] },
      { values: { 'vars.width': 64 }, exitCode: 3 },
      { values: { 'vars.width': 128 } },
      { values: { 'vars.width': 256 }, scores: [null, null] },
      { values: { 'vars.width': 1 }, state: 'excluded', reason: 'params > 1' },
    ])
    const summary = await readSweepSummary(folder)
    expect(summary.trials.map(({ state, score, bestEpoch, reason }) => [state, score, bestEpoch, reason])).toEqual([
      ['done', 0.8, 1, undefined],
      ['done', 0.9, 2, undefined],
      ['failed', undefined, undefined, 'exit code 3'],
      ['pending', undefined, undefined, undefined],
      ['done', undefined, undefined, undefined],
      ['excluded', undefined, undefined, 'params > 1'],
    ])
    expect(summary.trials[1]).toMatchObject({
      folder: 'trials/0002',
      hasSpec: true,
      hasReport: false,
      epochs: 2,
      plannedEpochs: 2,
      seconds: 5,
    })
    expect(summary.trials[4]!.curve).toEqual([
      { epoch: 1, value: null },
      { epoch: 2, value: null },
    ])
    expect(bestTrial(summary)!.number).toBe(2)
    expect(summary.forecast).toBeUndefined()
  })

  it.each([
    ['', 'exit code 3'],
    ['epoch 1\nerror: the loss is NaN\nhelp: use a lower rate\n', 'exit code 3: the loss is NaN'],
    ['spec.yaml:3:5 error shape/x: wrong\n', 'exit code 3: spec.yaml:3:5 error shape/x: wrong'],
  ])('has the last error of the log %j as the reason of a failure', async (log, want) => {
    const folder = writeSweepFolder([{ values: { 'vars.width': 16 }, exitCode: 3 }])
    writeFileSync(join(folder, 'trials/0001/log.txt'), log)
    expect((await readSweepSummary(folder)).trials[0]!.reason).toBe(want)
  })

  it('has the rungs of halving, and the forecast of the last session', async () => {
    const stopping = { kind: 'successiveHalving', minEpochs: 1, reduction: 2 } as const
    const values = [1, 2, 3, 4].map((width) => ({ 'vars.width': width }))
    const scores = [[0.5], [0.6, 0.7], [0.55, 0.5], [0.4]]
    const folder = writeSweepFolder(
      values.map((one, index) => ({ values: one, scores: scores[index]! })),
      {
        stopping,
        forecast: { seconds: 100, parallel: 2 },
        events: [
          { event: 'promoted', date, rung: 0, scores: { 1: 0.5, 2: 0.6, 3: 0.55, 4: 0.4 }, trials: [2, 3] },
          { event: 'forecast', date, seconds: 90, actual: 99 },
        ],
      },
    )
    const summary = await readSweepSummary(folder)
    expect(summary.forecast).toEqual({ seconds: 90, actual: 99, parallel: 2 })
    expect(summary.trials.map(({ state }) => state)).toEqual(['stopped', 'done', 'done', 'stopped'])
    expect(summary.rungs).toEqual([
      {
        epochs: 1,
        kind: 'decided',
        trials: [
          { number: 1, score: 0.5, isPromoted: false },
          { number: 2, score: 0.6, isPromoted: true },
          { number: 3, score: 0.55, isPromoted: true },
          { number: 4, score: 0.4, isPromoted: false },
        ],
      },
      {
        epochs: 2,
        kind: 'last',
        trials: [
          { number: 2, score: 0.7, isPromoted: false },
          { number: 3, score: 0.55, isPromoted: false },
        ],
      },
    ])
  })

  it.each([
    ['no sweep', (folder: string) => rmSync(join(folder, 'sweep.json')), 'usage', /is not a sweep folder/],
    [
      'a damaged record',
      (folder: string) => writeFileSync(join(folder, 'sweep.json'), '{"format": 1'),
      'run',
      /is damaged: it is not JSON/,
    ],
  ])('is refused for %s', async (_name, damage, code, message) => {
    const folder = writeSweepFolder([{ values: { 'vars.width': 16 } }])
    damage(folder)
    await expect(readSweepSummary(folder)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('the page in a sweep folder', () => {
  const folder = writeSweepFolder([
    { values: { 'vars.width': 16 }, scores: [0.8, 0.7] },
    { values: { 'vars.width': 32 }, scores: [0.8, 0.9] },
  ])

  it('has the spec of the best trial and its difference from the base', async () => {
    const path = await writeSweepReport(folder)
    expect(path).toBe(join(folder, 'report.html'))
    const page = readFileSync(path, 'utf8')
    expect(page).toContain('units: 32, activation: relu')
    expect(page).toMatch(/~ {2}dense +units 16 → 32/)
    expect(await writeSweepReport(folder)).toBe(path)
  })

  it('replaces no file that Shapewright did not write', async () => {
    const path = join(temporaryFolder({ 'mine.html': 'mine' }), 'mine.html')
    await expect(writeSweepReport(folder, path)).rejects.toThrow(/did not write/)
    expect(await writeSweepReport(folder, path, true)).toBe(path)
  })
})
