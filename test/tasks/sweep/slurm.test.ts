/** The executor of Slurm against a cluster of two nodes on this machine. Skipped, with a line that says so, where Slurm is not installed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor, UnitStatus } from '../../../src/tasks/sweep/executors/executor.ts'
import { createSlurmExecutor } from '../../../src/tasks/sweep/executors/slurm.ts'
import { unitsOf } from '../../../src/tasks/sweep/units.ts'
import { until } from './processes.ts'
import { missingForSlurm, startSlurm, type SlurmCluster } from './slurmCluster.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const missing = missingForSlurm()
if (missing !== undefined) process.stderr.write(`SKIPPED: the tests of Slurm. ${missing}\n`)

/** Appends the start and the end of a unit to a file, and exits with its number. A signal ends it with 130. */
const program = `#!/bin/bash
echo "output of unit $2"
echo "start $2" >> "$1/events"
trap 'echo "signal $2" >> "$1/events"; exit 130' TERM
for _ in $(seq 10); do sleep "$(cat "$1/pause")"; done
echo "end $2" >> "$1/events"
exit "$2"
`

describe.skipIf(missing !== undefined)('the executor of Slurm', { timeout: 120_000 }, () => {
  let cluster: SlurmCluster
  beforeAll(async () => {
    cluster = await startSlurm({ nodes: 2, cpus: 1 })
    Object.assign(process.env, cluster.env)
  })
  afterAll(() => cluster.stop())

  it('runs units at the given number at once, and reports their exit codes', async () => {
    const sweep = makeSweep(unitsOf(trials(4), undefined), 0.05)
    await sweep.executor.submit(sweep.commands, 1)
    expect(statesOf(await sweep.executor.status())).toMatch(/^(pending|running) pending pending pending$/)
    expect(await ended(sweep.executor)).toEqual([0, 1, 2, 3].map((exitCode) => ({ state: 'ended', exitCode })))
    expect(sweep.events()).toEqual([0, 1, 2, 3].flatMap((unit) => [`start ${unit}`, `end ${unit}`]))
    expect(await sweep.executor.logs(2)).toBe('output of unit 2\n')
  })

  it('starts a rung when the rung before has ended', async () => {
    const sweep = makeSweep(unitsOf(trials(3), { kind: 'successiveHalving', minEpochs: 1, reduction: 3 }), 0.05)
    await sweep.executor.submit(sweep.commands, 0)
    await ended(sweep.executor)
    expect(sweep.events().slice(-2)).toEqual(['start 3', 'end 3'])
  })

  it('cancels what runs and what waits, and runs it when it is submitted again', async () => {
    const sweep = makeSweep(unitsOf(trials(3), undefined), 2)
    await sweep.executor.submit(sweep.commands, 2)
    await until('two units', () => sweep.events().length === 2)
    await sweep.executor.cancel()
    await until('the end of what ran', async () => !/pending|running/.test(statesOf(await sweep.executor.status())))
    expect(sweep.events().toSorted()).toEqual(['signal 0', 'signal 1', 'start 0', 'start 1'])
    writeFileSync(join(sweep.folder, 'pause'), '0')
    await sweep.executor.submit(sweep.commands.slice(1), 2)
    const statuses = await ended(sweep.executor)
    expect(statuses.slice(1)).toEqual([
      { state: 'ended', exitCode: 1 },
      { state: 'ended', exitCode: 2 },
    ])
    expect(sweep.events().slice(-4).toSorted()).toEqual(['end 1', 'end 2', 'start 1', 'start 2'])
  })

  it('reports what sbatch refuses', async () => {
    const sweep = makeSweep(unitsOf(trials(1), undefined), 0, ['partition=missing'])
    await expect(sweep.executor.submit(sweep.commands, 1)).rejects.toThrow(
      'sbatch failed: invalid partition specified: missing',
    )
  })
})

const trials = (count: number) => Array.from({ length: count }, (_, index) => ({ number: index + 1, epochs: 2 }))

function makeSweep(units: ReturnType<typeof unitsOf>, pause: number, sbatch: readonly string[] = []) {
  // The name of the folder has to be quoted in the script.
  const folder = temporaryFolder({ 'unit.sh': program, pause: `${pause}` }, 'it\'s "%j" ')
  const command = ['bash', join(folder, 'unit.sh'), folder]
  const executor = createSlurmExecutor({ folder, name: 'digits', units, command, cpus: 1, sbatch })
  const commands = units.map(({ unit }) => ({ unit, command: [...command, `${unit}`], folder, log: '' }))
  const events = () =>
    existsSync(join(folder, 'events')) ? readFileSync(join(folder, 'events'), 'utf8').trim().split('\n') : []
  return { folder, executor, commands, events }
}

function statesOf(statuses: ReadonlyMap<number, UnitStatus>): string {
  return [...statuses.values()].map(({ state }) => state).join(' ')
}

/** Waits until all units have ended. */
async function ended(executor: Executor): Promise<UnitStatus[]> {
  await until('the end of all units', async () => /^(ended ?)+$/.test(statesOf(await executor.status())))
  return [...(await executor.status()).values()]
}
