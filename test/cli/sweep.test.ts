/** Sweeps of tiny networks, trained by the built command line as a user does, killed, and resumed. */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { bin, runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const cwd = temporaryFolder()
const base = `name: tiny
dataset: { csv: { path: rows.csv, label: kind, testSplit: 0.2 } }
vars: { width: 8 }
layers:
  - dense: { units: $width, activation: relu }
  - dense: { units: 2, activation: softmax }
optimizer: { sgd: { learningRate: 0.1 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 3, batchSize: 4, seed: 3, validationSplit: 0.2 }
`
const grid = `${base}sweep:
  grid: { vars.width: [4, 8], optimizer.sgd.learningRate: [0.1, 0.01] }
`
const halving = `${grid.replace('name: tiny', 'name: halved').replace('epochs: 3', 'epochs: 4')}  stopping: { successiveHalving: { minEpochs: 1, reduction: 2 } }
`
const rows = Array.from(
  { length: 120 },
  (_, row) => `${row % 7},${row % 5},${(row % 7) + (row % 5) > 5 ? 'large' : 'small'}`,
)
const csv = `a,b,kind\n${rows.join('\n')}\n`
writeFileSync(join(cwd, 'rows.csv'), csv)
writeFileSync(join(cwd, 'tiny.yaml'), grid)
writeFileSync(join(cwd, 'halved.yaml'), halving)

const loud = (...args: readonly string[]) => runCli(['sweep', ...args, '--backend', 'cpu', '--format', 'json'], { cwd })
/** Without the calibration of the forecast, which takes seconds. */
const call = (...args: readonly string[]) => loud(...args, '--quiet')

/** The trials of a sweep that were started, in order of their numbers in each session. */
function startedIn(name: string): number[] {
  const ledger = readFileSync(join(cwd, 'runs', name, 'ledger.jsonl'), 'utf8')
  return [...ledger.matchAll(/"started".*?"trial":(\d+)/g)].map(([, trial]) => Number(trial))
}

interface Row {
  readonly trial: number
  readonly label: string
  readonly state: string
  readonly score?: number
  readonly epoch?: number
  readonly trained: number
  readonly failure?: string
}

const rowsOf = (stdout: string) => (JSON.parse(stdout) as { readonly trials: readonly Row[] }).trials
/** The table without times and paths, and the digest of the weights of each trial. */
const resultsOf = (folder: string, stdout: string) =>
  rowsOf(stdout).map(({ trial, label, state, score, epoch, trained }) => {
    const log = readFileSync(join(cwd, folder, 'trials', `${trial}`.padStart(4, '0'), 'log.txt'), 'utf8')
    return {
      trial,
      label,
      state,
      score,
      epoch,
      trained,
      digest: [...log.matchAll(/weights sha256: (\w+)/g)].at(-1)?.[1],
    }
  })
const statesOf = (stdout: string) =>
  rowsOf(stdout)
    .toSorted((a, b) => a.trial - b.trial)
    .map(({ state }) => state)

/** Starts a sweep, and kills processes once its ledger has so many lines. */
async function killAt(lines: number, victim: 'parent' | 'child' | 'both', args: readonly string[], folder: string) {
  const child = spawn(process.execPath, [bin, 'sweep', ...args, '--backend', 'cpu', '--quiet'], {
    cwd,
    stdio: 'ignore',
  })
  const ended = new Promise((done) => child.once('close', done))
  const ledger = join(cwd, folder, 'ledger.jsonl')
  const read = () => (existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').slice(0, -1) : [])
  while (read().length < lines && child.exitCode === null) await new Promise((done) => setTimeout(done, 20))
  const events = read().map((line) => JSON.parse(line) as { event: string; pid?: number; trial?: number })
  const started = events.findLast(({ event }) => event === 'started')
  if (victim !== 'child') child.kill('SIGKILL')
  if (victim !== 'parent' && started?.pid !== undefined) {
    try {
      process.kill(started.pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
  await ended
}

describe('a sweep', { timeout: 300_000 }, () => {
  it('gives the same table and weights with 1 and 2 processes, and after kills of parent, child and both', async () => {
    const one = await loud('tiny.yaml', '--name', 'one')
    expect(one).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^4 trials in runs\/one\n[^]*forecast: [^]*forecast .*, took /),
    })
    const want = resultsOf('runs/one', one.stdout)
    expect(statesOf(one.stdout)).toEqual(['done', 'done', 'done', 'done'])
    const two = await call('tiny.yaml', '--name', 'two', '--parallel', '2')
    expect(two).toMatchObject({ code: 0, stderr: '' })
    expect(resultsOf('runs/two', two.stdout)).toEqual(want)
    const scores = want.map(({ score }) => score!)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    const kills = [
      [2, 'parent'],
      [3, 'both'],
      [5, 'child'],
    ] as const
    for (const [lines, victim] of kills) {
      const name = `killed-${victim}`
      const args = ['tiny.yaml', '--name', name, '--parallel', '2']
      await killAt(lines, victim, args, `runs/${name}`)
      const resumed = await call(...args, '--resume')
      expect({ victim, code: resumed.code, stderr: resumed.stderr }).toMatchObject({ victim, code: 0 })
      expect({ victim, results: resultsOf(`runs/${name}`, resumed.stdout) }).toEqual({ victim, results: want })
    }
    const again = await loud('runs/two', '--resume')
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringContaining('started') })
    expect(resultsOf('runs/two', again.stdout)).toEqual(want)
  })

  it('with successive halving, too', async () => {
    const one = await call('halved.yaml', '--name', 'halved-one')
    expect(one.code).toBe(0)
    expect(statesOf(one.stdout).toSorted()).toEqual(['done', 'stopped', 'stopped', 'stopped'])
    expect(
      rowsOf(one.stdout)
        .map(({ trained }) => trained)
        .toSorted(),
    ).toEqual([1, 1, 2, 4])
    const args = ['halved.yaml', '--name', 'halved-two', '--parallel', '2']
    await killAt(6, 'both', args, 'runs/halved-two')
    const two = await call(...args, '--resume')
    expect(two.code).toBe(0)
    expect(resultsOf('runs/halved-two', two.stdout)).toEqual(resultsOf('runs/halved-one', one.stdout))
  })

  it('stops with Ctrl-C, exits with 130, and continues', async () => {
    const cases = '[{ training.epochs: 1 }, { training.epochs: 30000 }, { training.epochs: 20000 }]'
    writeFileSync(join(cwd, 'long.yaml'), `${base.replace('name: tiny', 'name: long')}sweep: { cases: ${cases} }\n`)
    const args = ['sweep', 'long.yaml', '--parallel', '2', '--backend', 'cpu', '--format', 'json']
    const stopped = await runCli(args, { cwd, interruptAt: /1 of 3 trained/ })
    expect(stopped).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('continue: shapewright sweep runs/long --resume'),
    })
    expect(stopped.stderr).toMatch(/0002 .* interrupted after \d+ epoch/)
    expect(statesOf(stopped.stdout).slice(0, 2)).toEqual(['done', 'interrupted'])
    const again = await runCli(['sweep', 'runs/long', '--resume', ...args.slice(2)], {
      cwd,
      interruptAt: /0002 .*started/,
    })
    expect(again).toMatchObject({ code: 130 })
    const log = readFileSync(join(cwd, 'runs/long/trials/0002/log.txt'), 'utf8')
    expect(log).toContain('Interrupted.')
    const twice = { cwd, interruptAt: /0002 .*started/, interruptAgain: 1 }
    expect(await runCli(['sweep', 'runs/long', '--resume', ...args.slice(2)], twice)).toMatchObject({ code: 130 })
    const started = [...readFileSync(join(cwd, 'runs/long/ledger.jsonl'), 'utf8').matchAll(/"pid":(\d+)\}$/gm)]
    // Both trainings end, too.
    for (const [, pid] of started.slice(-2))
      await vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH'), 10_000)
  })

  it('reports a failed trial with the end of its log, trains the others, and exits with 3', async () => {
    writeFileSync(
      join(cwd, 'failing.yaml'),
      grid.replace('name: tiny', 'name: failing').replace('[0.1, 0.01]', '[0.1, 1e30]'),
    )
    const { code, stdout, stderr } = await loud('failing.yaml')
    expect({ code, stderr }).toMatchObject({ code: 3 })
    expect(statesOf(stdout)).toEqual(['done', 'failed', 'done', 'failed'])
    expect(stderr).toMatch(
      /failed with exit code 3; runs\/failing\/trials\/0002\/log\.txt ends with\n(  \| .*\n)*  \| error: The loss became/,
    )
    const again = await call('runs/failing', '--resume')
    expect(statesOf(again.stdout)).toEqual(['done', 'failed', 'done', 'failed'])
    expect(startedIn('failing')).toEqual([1, 2, 3, 4, 2, 4])
  })

  it('adds the trials of an edited file, and keeps the others', async () => {
    const path = join(cwd, 'edited.yaml')
    const text = grid.replace('name: tiny', 'name: edited')
    writeFileSync(path, text)
    const before = await call('edited.yaml')
    writeFileSync(path, text.replace('[4, 8]', '[8, 16]').replace('epochs', 'epochs '))
    const after = await loud('edited.yaml', '--resume')
    expect(after).toMatchObject({ code: 0, stderr: expect.stringContaining('2 trials added to runs/edited\n') })
    expect(after.stderr).not.toMatch(/000[1-4] .* started/)
    const kept = resultsOf('runs/edited', after.stdout).filter(({ trial }) => trial <= 4)
    expect(kept).toEqual(resultsOf('runs/edited', before.stdout))
    expect(rowsOf(after.stdout)).toHaveLength(6)
  })

  it.each([
    {
      title: 'the data have changed',
      change: () => writeFileSync(join(cwd, 'rows.csv'), csv.replace('0,0,small', '0,1,small')),
      want: /rows\.csv has changed since the sweep began: .*; now it has the sha256 /,
    },
    {
      title: 'a row was added to the data',
      change: () => writeFileSync(join(cwd, 'rows.csv'), `${csv}1,1,small\n`),
      want: /rows\.csv has changed since the sweep began: it had \d+ bytes, .*; now it has \d+ bytes/,
    },
    {
      title: 'a frozen spec was edited',
      change: (folder: string) => writeFileSync(join(folder, 'trials/0001/spec.yaml'), base),
      want: /spec\.yaml was changed after the sweep began/,
    },
  ])('refuses to train if $title', async ({ title, change, want }) => {
    const name = title.replaceAll(' ', '-')
    const folder = join(cwd, 'runs', name)
    await killAt(1, 'parent', ['tiny.yaml', '--name', name], `runs/${name}`)
    try {
      change(folder)
      const { code, stderr } = await loud('tiny.yaml', '--name', name, '--resume')
      expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringMatching(want) })
    } finally {
      writeFileSync(join(cwd, 'rows.csv'), csv)
    }
  })

  it('trains the trials of folders that were deleted again', async () => {
    const before = await call('tiny.yaml', '--name', 'deleted')
    rmSync(join(cwd, 'runs/deleted/trials/0002'), { recursive: true })
    const after = await call('tiny.yaml', '--name', 'deleted', '--resume')
    expect(resultsOf('runs/deleted', after.stdout)).toEqual(resultsOf('runs/deleted', before.stdout))
  })
})

describe('a sweep that cannot begin', { timeout: 60_000 }, () => {
  it.each([
    ['a spec without sweep', ['plain.yaml'], 2, /plain\.yaml has no section `sweep`/],
    ['a missing file', ['missing.yaml'], 2, /there is no file missing\.yaml/],
    ['nothing to resume', ['tiny.yaml', '--resume', '--name', 'nowhere'], 2, /there is no sweep nowhere in runs/],
    ['a sweep folder without --resume', ['made'], 2, /made is the folder of a sweep/],
    ['--set for a sweep folder', ['made', '--resume', '--set', 'a=1'], 2, /--set cannot change the trials in made/],
    ['a damaged sweep.json', ['made', '--resume'], 2, /sweep\.json is damaged/],
    ['a unit of no sweep', ['plain.yaml', '--unit', '0'], 2, /plain\.yaml is not a sweep folder/],
    ['a file as the folder of runs', ['tiny.yaml', '--out', 'tiny.yaml'], 2, /cannot be (saved|created)/],
    ['a name that is none', ['tiny.yaml', '--name', '../up'], 2, /--name must be a letter/],
  ])('because of %s', async (_title, args, code, want) => {
    writeFileSync(join(cwd, 'plain.yaml'), base)
    mkdirSync(join(cwd, 'made'), { recursive: true })
    writeFileSync(join(cwd, 'made/sweep.json'), '{"format":1}')
    const before = readdirSync(cwd)
    const result = await loud(...args)
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: expect.stringMatching(want) })
    expect(result.stderr).not.toContain('bug')
    expect(readdirSync(cwd)).toEqual(before)
  })

  it.skipIf(process.getuid?.() === 0)('because the folder cannot be written', async () => {
    mkdirSync(join(cwd, 'locked'))
    chmodSync(join(cwd, 'locked'), 0o500)
    const { code, stderr } = await call('tiny.yaml', '--out', 'locked')
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/permission/) })
  })
})
