/** What `runs` and `diff` print of sweeps. */
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRun } from '../../../src/cli/openRun.ts'
import { plainPalette } from '../../../src/diagnostics/renderPretty.ts'
import { renderRuns, sortRuns } from '../../../src/report/run/runsTable.ts'
import { compareSweeps } from '../../../src/report/sweep/compareSweeps.ts'
import { readSweepSummary } from '../../../src/report/sweep/readSweepSummary.ts'
import { renderSweepDiff } from '../../../src/report/sweep/renderSweepDiff.ts'
import { listSweeps } from '../../../src/report/sweep/sweepRuns.ts'
import { writeSweepFolder, type FolderTrial } from './sweepFolder.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const root = temporaryFolder()
const kernel = 'shape/kernel-exceeds-input at line 6: kernelSize 30 exceeds the 28x28 input'
const trials: FolderTrial[] = [
  { values: { 'vars.width': 16, 'optimizer.sgd.learningRate': 0.1 }, scores: [0.8, 0.7] },
  { values: { 'vars.width': 16, 'optimizer.sgd.learningRate': 0.01 }, scores: [0.8, 0.9] },
  { values: { 'vars.width': 32, 'optimizer.sgd.learningRate': 0.1 }, exitCode: 3 },
  { values: { 'vars.width': 32, 'optimizer.sgd.learningRate': 0.01 }, state: 'infeasible', reason: kernel },
]
const folder = writeSweepFolder(trials, { root })
const waiting = writeSweepFolder([{ values: { 'vars.width': 1 } }], { root, name: 'waiting' })

const failOnDamage = (error: Error): never => {
  throw error
}
const tableOf = async (place: string, all = false) =>
  renderRuns(await listSweeps(place, all, failOnDamage))
    .replaceAll(`${root}/`, '')
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) => line.replaceAll(/ +/g, ' '))

const header = '│ Run │ Date │ Engine │ Epochs │ Best │ Test │ Time │ Changes │'
const ofTrials = [
  '│ swept/trials/0001 │ 29 Nov 2026, 10:00 │ │ 2/2 │ 80.00% validation accuracy │ │ 5.0 s │ width=16 learningRate=0.1 │',
  '│ swept/trials/0002 │ 29 Nov 2026, 10:00 │ │ 2/2 │ 90.00% validation accuracy │ │ 5.0 s │ width=16 learningRate=0.01 │',
  '│ swept/trials/0003 │ 29 Nov 2026, 10:00 │ │ 0/2 │ │ │ │ failed (exit code 3), width=32 learningRate=0.1 │',
  '│ swept/trials/0004 │ 29 Nov 2026, 10:00 │ │ 0/2 │ │ │ │ infeasible (shape/kernel-exceeds-input at line 6: kernelSize 30 exceeds…), width=32 learningRate=0.01 │',
]
const ofSweep =
  '│ swept │ 29 Nov 2026, 10:00 │ │ 2/4 trials │ 90.00% validation accuracy │ │ 10 s │ best trial 2: width=16 learningRate=0.01, 1 failed, 1 infeasible │'
const ofWaiting = '│ waiting │ 29 Nov 2026, 10:00 │ │ 0/1 trial │ │ │ │ 1 pending │'

describe('runs', () => {
  it.each<[string, string, boolean, string[]]>([
    ['a line for each sweep', root, false, [ofSweep, ofWaiting]],
    [
      'a line for each trial as well',
      root,
      true,
      [
        ofSweep,
        ...ofTrials,
        ofWaiting,
        '│ waiting/trials/0001 │ 29 Nov 2026, 10:00 │ │ 0/2 │ │ │ │ pending, width=1 │',
      ],
    ],
    ['the trials of a sweep', folder, false, ofTrials],
  ])('lists %s', async (_name, place, all, want) => {
    expect(await tableOf(place, all)).toEqual([header, ...want])
  })

  it('sorts trials by their best result, and gives the states of a sweep as JSON', async () => {
    const rows = sortRuns(await listSweeps(folder, false, failOnDamage), 'best')
    expect(rows.map((row) => row.folder.slice(-4))).toEqual(['0002', '0001', '0003', '0004'])
    const [row] = await listSweeps(root, false, failOnDamage)
    expect(row).toMatchObject({ name: 'swept', epochs: 4, trials: { done: 2, failed: 1, infeasible: 1 } })
  })

  it('leaves out a damaged sweep, and reports it', async () => {
    const place = temporaryFolder()
    writeFileSync(join(writeSweepFolder(trials, { root: place }), 'sweep.json'), '{}')
    const found: string[] = []
    expect(await listSweeps(place, false, ({ message }) => found.push(message))).toEqual([])
    expect(found.join()).toMatch(/sweep.json is damaged: `format` is missing/)
  })
})

describe('diff', () => {
  const diff = async (before: string, after: string) => {
    const named = async (path: string) => ({ ...(await readSweepSummary(path)), folder: basename(path) })
    const comparison = compareSweeps(await named(before), await named(after))
    return [comparison.differs, renderSweepDiff(comparison, plainPalette)] as const
  }

  it('finds a sweep equal to itself', async () => {
    expect(await diff(folder, folder)).toEqual([
      false,
      `swept → swept

The sweeps have the same trials.

Trials
   in both  4

Results
   val_accuracy  90.00%
   best          trial 2, width=16 learningRate=0.01
`,
    ])
  })

  it('compares parameters, trials in both by their specs, and best results', async () => {
    const other = writeSweepFolder(
      [
        { values: { 'vars.width': 64, 'optimizer.sgd.learningRate': 0.1 }, scores: [0.95, 0.7] },
        { ...trials[0]!, scores: [0.8, 0.81] },
        trials[1]!,
      ],
      {
        root: temporaryFolder(),
        name: 'b',
        objective: { metric: 'val_accuracy', direction: 'maximize' },
        stopping: { kind: 'asha', minEpochs: 2, reduction: 3 },
      },
    )
    expect(await diff(folder, other)).toEqual([
      true,
      `swept → b

Sweep
+  stopping  {"kind":"asha","minEpochs":2,"reduction":3}

Parameters
~  vars.width  16, 32 → 64, 16

Trials
   in both        2
-  only in swept  2
+  only in b      1

Results
   val_accuracy  90.00% → 95.00% (+5.00 points)
   best          trial 2, width=16 learningRate=0.01 → trial 1, width=64 learningRate=0.1

Trials with other results
~  1 → 2  80.00% → 81.00%  width=16 learningRate=0.1
`,
    ])
  })

  it('has no best result of sweeps without one', async () => {
    expect((await diff(waiting, waiting))[1]).toMatch(/Trials\n {3}in both {2}1\n$/)
  })
})

it.each([
  [
    folder,
    / is a sweep of 4 trials, not a run$/,
    /^its best trial is 2 \(val_accuracy 90\.00%\): write .*swept\/trials\/0002 instead$/,
  ],
  [waiting, / is a sweep of 1 trial, not a run$/, /^no trial of it has a result; the trials are in .*waiting\/trials$/],
])('commands on runs name the best trial of the sweep %#', async (place, message, help) => {
  await expect(openRun(place)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message),
    help: expect.stringMatching(help),
  })
})
