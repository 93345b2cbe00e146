/** The executor of Ray against a cluster on this machine. Skipped, with a line that says so, where Ray is not installed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UnitStatus } from '../../../src/tasks/sweep/executors/executor.ts'
import { createRayExecutor } from '../../../src/tasks/sweep/executors/ray.ts'
import { findRay } from '../../../src/tasks/sweep/executors/rayJobs.ts'
import { until } from './processes.ts'
import { missingForRay, startRay, type RayCluster } from './rayCluster.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const missing = missingForRay()
if (missing !== undefined) process.stderr.write(`SKIPPED: the tests of Ray. ${missing}\n`)

/** Appends the start and the end of a unit to a file, and exits with its number. A signal ends it with 130. */
const program = `#!/bin/bash
echo "output of unit $2"
echo "start $2 of $SHAPEWRIGHT_JOB_RESTARTS" >> "$1/events"
trap 'echo "signal $2" >> "$1/events"; exit 130' TERM
for _ in $(seq 10); do sleep "$(cat "$1/pause")"; done
echo "end $2" >> "$1/events"
exit "$2"
`

describe.skipIf(missing !== undefined)('the executor of Ray', { timeout: 600_000 }, () => {
  let cluster: RayCluster
  beforeAll(async () => {
    cluster = await startRay(2)
  }, 180_000)
  afterAll(() => cluster.stop(), 60_000)

  it('holds a window of jobs, and reports their exit codes', async () => {
    const sweep = makeSweep(cluster, 0.05)
    await sweep.executor.submit(sweep.commands([0, 1, 2, 3]), 1)
    expect(
      statesOf(await sweep.executor.status())
        .split(' ')
        .filter((state) => state !== 'pending').length,
    ).toBeLessThan(2)
    await until('the end of all units', async () => /^(ended ?)+$/.test(statesOf(await sweep.executor.status())))
    const statuses = await sweep.executor.status()
    expect([0, 1, 2, 3].map((unit) => statuses.get(unit))).toMatchObject(
      [0, 1, 2, 3].map((exitCode) => ({ state: 'ended', exitCode })),
    )
    expect(sweep.events()).toEqual([0, 1, 2, 3].flatMap((unit) => [`start ${unit} of 0`, `end ${unit}`]))
    expect(await sweep.executor.logs(2)).toBe('output of unit 2\n')
  })

  it('finds the jobs of a submitter that was killed, and stops jobs', async () => {
    const sweep = makeSweep(cluster, 5)
    await sweep.executor.submit(sweep.commands([0, 1, 2]), 2)
    await until('two units', () => sweep.events().length === 2)
    const second = sweep.again()
    await second.submit(sweep.commands([0, 1, 2]), 2)
    expect(statesOf(await second.status())).toBe('running running pending')
    await second.cancel()
    await until('the end of what ran', async () => !/pending|running/.test(statesOf(await second.status())))
    expect(sweep.events().toSorted()).toEqual(['signal 0', 'signal 1', 'start 0 of 0', 'start 1 of 0'])
    writeFileSync(join(sweep.folder, 'pause'), '0')
    await second.submit(sweep.commands([0]), 2)
    await until('the unit that was submitted again', () => sweep.events().includes('start 0 of 1'))
  })

  it('submits the jobs of a lost node again', async () => {
    const node = await cluster.addNode(1)
    const sweep = makeSweep(cluster, 5)
    await sweep.executor.submit(sweep.commands([0, 1, 2]), 3)
    await until('three units', () => sweep.events().length === 3)
    cluster.loseNode(node)
    writeFileSync(join(sweep.folder, 'pause'), '0')
    await until('the unit of the lost node', async () => {
      await sweep.executor.status()
      return sweep.events().some((event) => event.endsWith('of 1'))
    })
    expect(sweep.lost).toHaveLength(1)
  })
})

function makeSweep({ env }: RayCluster, pause: number) {
  // The name of the folder has to be quoted in the entry point.
  const folder = temporaryFolder({ 'unit.sh': program, pause: `${pause}` }, 'it\'s "$x" ')
  const lost: number[] = []
  const again = () =>
    createRayExecutor({
      server: findRay(undefined, env),
      folder,
      name: 'digits',
      cpus: 1,
      onLost: (unit) => lost.push(unit),
    })
  const commands = (units: readonly number[]) =>
    units.map((unit) => ({
      unit,
      command: ['bash', join(folder, 'unit.sh'), folder, `${unit}`],
      folder: join(folder, 'trials', `${unit}`),
      log: join(folder, `${unit}.log`),
    }))
  const events = () =>
    existsSync(join(folder, 'events')) ? readFileSync(join(folder, 'events'), 'utf8').trim().split('\n') : []
  return { folder, executor: again(), again, commands, events, lost }
}

function statesOf(statuses: ReadonlyMap<number, UnitStatus>): string {
  return [...statuses.values()].map(({ state }) => state).join(' ')
}
