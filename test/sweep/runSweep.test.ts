import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Stopping } from '../../src/sweep/trial.ts'
import { extendLedger, readLedger } from '../../src/tasks/sweep/ledger.ts'
import { readSweep } from '../../src/tasks/sweep/readSweep.ts'
import { runSweep } from '../../src/tasks/sweep/runSweep.ts'
import { trialFolder } from '../../src/tasks/sweep/sweepFiles.ts'
import { rungBudgets, unitsOf } from '../../src/tasks/sweep/units.ts'
import { MadeExecutor, makeSweep, scoreOf, type MadeSweep, type Outcome } from './sweepFixture.ts'

const halving: Stopping = { kind: 'successiveHalving', minEpochs: 1, reduction: 3 }

const run = async (folder: string, executor: MadeExecutor, parallel = 2, signal = new AbortController().signal) => {
  await runSweep(folder, executor, { parallel, program: ['shapewright'], signal, interval: 0 })
  return await readSweep(folder)
}

/** What a user sees of each trial. */
const tableOf = ({ trials }: Awaited<ReturnType<typeof readSweep>>) =>
  trials.map(({ number, state, trained, best }) => ({ number, state, trained, best }))

describe('units', () => {
  const trials = (count: number, epochs = 9) =>
    Array.from({ length: count }, (_, index) => ({ number: index + 1, epochs }))
  it.each([
    { count: 3, epochs: 9, stopping: undefined, want: [[0, 9, 3]] },
    {
      count: 9,
      epochs: 9,
      stopping: halving,
      want: [
        [0, 1, 9],
        [1, 3, 3],
        [2, 9, 1],
      ],
    },
    {
      count: 10,
      epochs: 5,
      stopping: halving,
      want: [
        [0, 1, 10],
        [1, 3, 3],
        [2, 5, 1],
      ],
    },
    {
      count: 2,
      epochs: 9,
      stopping: halving,
      want: [
        [0, 1, 2],
        [1, 3, 1],
        [2, 9, 1],
      ],
    },
    { count: 4, epochs: 1, stopping: halving, want: [[0, 1, 4]] },
    { count: 0, epochs: 9, stopping: halving, want: [] },
    {
      count: 8,
      epochs: 8,
      stopping: { ...halving, minEpochs: 2, reduction: 2 },
      want: [
        [0, 2, 8],
        [1, 4, 4],
        [2, 8, 2],
      ],
    },
  ])('of $count trials of $epochs epochs: rung, epochs and count', ({ count, epochs, stopping, want }) => {
    const units = unitsOf(trials(count, epochs), stopping)
    expect(units.map(({ unit }) => unit)).toEqual(units.map((_, index) => index))
    const rungs = [...new Set(units.map(({ rung }) => rung))]
    const found = rungs.map((rung) => units.filter((unit) => unit.rung === rung))
    expect(found.map((ofRung) => [ofRung[0]!.rung, ofRung[0]!.epochs, ofRung.length])).toEqual(want)
    if (stopping) expect(rungBudgets(trials(count, epochs), stopping).at(-1) ?? 0).toBe(count === 0 ? 0 : epochs)
  })
})

describe('a sweep', { timeout: 60_000 }, () => {
  it('trains each trial once, at most so many at once', async () => {
    const executor = new MadeExecutor(1)
    const state = await run(makeSweep({ count: 7 }), executor, 3)
    expect(state.trials.map((trial) => trial.state)).toEqual(Array(7).fill('done'))
    expect(executor.ended.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(executor.mostRunning).toBe(3)
  })

  it('with successive halving comes to the same table in any order and with any number of processes', async () => {
    const made: MadeSweep = { count: 13, stopping: halving }
    const first = await run(makeSweep(made), new MadeExecutor(0), 1)
    expect(first.trials.filter(({ state }) => state === 'done')).toHaveLength(1)
    expect(first.trials.filter(({ trained }) => trained >= 3)).toHaveLength(4)
    const orders = new Set<string>()
    for (let seed = 1; seed <= 12; seed++) {
      const executor = new MadeExecutor(seed)
      const other = await run(makeSweep(made), executor, 1 + (seed % 6))
      expect({ seed, table: tableOf(other) }).toEqual({ seed, table: tableOf(first) })
      orders.add(executor.ended.join(' '))
    }
    expect(orders.size).toBeGreaterThan(9)
    const byScore = Array.from({ length: 13 }, (_, index) => index + 1).toSorted(
      (a, b) => scoreOf(b, 1) - scoreOf(a, 1),
    )
    const promoted = first.events.find((event) => event.event === 'promoted')
    expect(promoted).toMatchObject({ rung: 0, trials: byScore.slice(0, 4).toSorted((a, b) => a - b) })
  })

  it('with successive halving comes to the same table after each interruption', async () => {
    const made: MadeSweep = { count: 10, stopping: halving }
    const whole = tableOf(await run(makeSweep(made), new MadeExecutor(0)))
    for (let polls = 1; polls < 40; polls += 5) {
      const folder = makeSweep(made)
      const controller = new AbortController()
      let left = polls
      const listener = { onPoll: () => (left-- === 0 ? controller.abort() : undefined) }
      const common = { parallel: 3, program: [], interval: 0 }
      await runSweep(folder, new MadeExecutor(polls), { ...common, signal: controller.signal, listener })
      // A kill may cut off the last line of the ledger.
      if (polls % 2 === 0) appendFileSync(join(folder, 'ledger.jsonl'), '{"event":"star')
      expect(tableOf(await run(folder, new MadeExecutor(polls + 1), 2))).toEqual(whole)
    }
  })

  it('ranks a failed trial last, and leaves places empty rather than promote it', async () => {
    const failing = (trial: number): Outcome => ({ exitCode: trial > 2 ? 3 : 0 })
    const { trials, progress } = await run(makeSweep({ count: 12, stopping: halving }), new MadeExecutor(3, failing))
    expect(trials.filter(({ state }) => state === 'failed')).toHaveLength(10)
    expect(trials.filter(({ trained }) => trained > 1)).toHaveLength(2)
    expect(progress.units.filter(({ state }) => state === 'void')).toHaveLength(2)
    const all = await run(makeSweep({ count: 4, stopping: halving }), new MadeExecutor(3, () => ({ exitCode: 3 })))
    expect(all.trials.map(({ state }) => state)).toEqual(Array(4).fill('failed'))
  })

  it.each([
    {
      title: 'fails at each attempt',
      outcome: () => ({ exitCode: 3 }),
      want: { state: 'failed', failure: 'exit code 3' },
      attempts: 1,
    },
    {
      title: 'is killed once',
      outcome: (attempt: number) => (attempt === 1 ? { signal: 'SIGKILL' } : { exitCode: 0 }),
      want: { state: 'done' },
      attempts: 2,
    },
    {
      title: 'is killed at each attempt',
      outcome: () => ({ signal: 'SIGKILL' }),
      want: { state: 'failed', failure: 'SIGKILL' },
      attempts: 2,
    },
    {
      title: 'is interrupted by someone else',
      outcome: () => ({ exitCode: 130 }),
      want: { state: 'interrupted' },
      attempts: 1,
    },
  ])('continues when a trial $title, and tries it again when it is resumed', async ({ outcome, want, attempts }) => {
    const folder = makeSweep({ count: 3 })
    const executor = new MadeExecutor(2, (trial, attempt) => (trial === 2 ? outcome(attempt) : { exitCode: 0 }))
    const { trials } = await run(folder, executor)
    expect(trials).toMatchObject([{ state: 'done' }, want, { state: 'done' }])
    expect(executor.ended.filter((trial) => trial === 2)).toHaveLength(attempts)
    const again = new MadeExecutor(3)
    expect((await run(folder, again)).trials.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    expect(again.ended).toEqual(want.state === 'done' ? [] : [2])
  })

  it('trains again what lies in a folder that was deleted', async () => {
    const folder = makeSweep({ count: 2 })
    await run(folder, new MadeExecutor(1))
    rmSync(join(trialFolder(folder, 1), 'metrics.jsonl'))
    const again = new MadeExecutor(1)
    await run(folder, again)
    expect(again.ended).toEqual([1])
  })

  it('with asha promotes as trials arrive, logs why, and trains no more of them than halving would', async () => {
    const made: MadeSweep = { count: 13, stopping: { ...halving, kind: 'asha' } }
    const winners = new Set<number>()
    for (let seed = 1; seed <= 5; seed++) {
      const { trials, events } = await run(makeSweep(made), new MadeExecutor(seed), 3)
      expect(trials.filter(({ trained }) => trained >= 3)).toHaveLength(4)
      const done = trials.filter(({ state }) => state === 'done')
      expect(done).toHaveLength(1)
      expect(trials.filter(({ state }) => state === 'stopped')).toHaveLength(12)
      winners.add(done[0]!.number)
      for (const event of events)
        if (event.event === 'promoted') expect(Object.keys(event.scores).length).toBeGreaterThan(0)
    }
    expect(winners.size).toBeGreaterThan(0)
  })

  it('is refused while the process of its last session runs', async () => {
    const folder = makeSweep({ count: 1 })
    await run(folder, new MadeExecutor(1))
    const [session] = await readLedger(folder)
    if (session?.event !== 'session' || session.process === undefined) throw new Error('no session')
    const { started: _started, ...parent } = { ...session.process, pid: process.ppid }
    await extendLedger(folder, () => [{ event: 'session', executor: 'local', parallel: 1, process: parent }])
    await expect(run(folder, new MadeExecutor(1))).rejects.toThrow(
      `Process ${process.ppid} is running the sweep in ${folder}`,
    )
    expect(readFileSync(join(folder, 'ledger.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4)
  })
})
