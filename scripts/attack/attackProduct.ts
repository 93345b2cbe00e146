/** Runs the attacks in turn, on all cores, and collects what they found. */
import { availableParallelism } from 'node:os'
import { RandomSource, seedOfCase } from '../fuzz/randomSource.ts'
import { attackOutput, attackTrainingOutput } from './closedPipes.ts'
import { ask, attackCache, attackRun, type Answer } from './damage.ts'
import { attackExport, attackTraining, canMount } from './fullDisk.ts'
import { attackNames } from './hostileNames.ts'
import { attackRunning } from './killedRuns.ts'
import { readers, Sandbox } from './sandbox.ts'
import { attackInputs } from './strangeFiles.ts'

export interface AttackResult {
  /** The number of attacks of each kind. */
  readonly made: Readonly<Record<string, number>>
  /** Attacks that this machine does not allow. */
  readonly skipped: readonly string[]
  /** A text for each attack that succeeded. */
  readonly findings: readonly string[]
}

/** An attack returns the problem it found, or undefined. */
type Attack = (sandbox: Sandbox, random: RandomSource) => Promise<string | undefined>

/** The names of all attacks. */
export const attackNamesOfAll = [
  'damaged run',
  'damaged cache',
  'full disk, train',
  'full disk, export',
  'closed pipe, train',
  'closed pipe',
  'ended run',
  'hostile names',
  'strange files',
] as const

export interface AttackOptions {
  readonly seed: number
  /** The number of attacks of each kind. */
  readonly rounds: number
  /** The kinds to run; all by default. */
  readonly only?: readonly string[]
  readonly onAttack?: (text: string) => void
}

export async function attackProduct({ seed, rounds, only, onAttack }: AttackOptions): Promise<AttackResult> {
  const first = await Sandbox.create(seed)
  const sandboxes = Array.from({ length: Math.min(2, availableParallelism()) }, (_, index) =>
    index === 0 ? first : first.copy(),
  )
  try {
    const attacks = await prepareAttacks(first)
    const isDiskAllowed = await canMount(first)
    const wanted = attackNamesOfAll.filter((name) => only === undefined || only.some((word) => name.includes(word)))
    const possible = wanted.filter((name) => isDiskAllowed || !name.startsWith('full disk'))
    const queue = Array.from({ length: rounds }, (_, round) => possible.map((name) => ({ name, round }))).flat()
    const made: Record<string, number> = {}
    const findings: string[] = []
    const work = async (sandbox: Sandbox): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const random = new RandomSource(seedOfCase(seed, next.round * 100 + attackNamesOfAll.indexOf(next.name)))
        const finding = await attacks[next.name](sandbox, random)
        made[next.name] = (made[next.name] ?? 0) + 1
        if (finding !== undefined) findings.push(`${next.name}, round ${next.round} of seed ${seed}: ${finding}`)
        onAttack?.(`${next.name}, round ${next.round}: ${finding ?? 'held'}`)
      }
    }
    await Promise.all(sandboxes.map(work))
    return { made, skipped: wanted.filter((name) => !possible.includes(name)), findings }
  } finally {
    for (const sandbox of sandboxes) sandbox.remove()
  }
}

async function prepareAttacks(sandbox: Sandbox): Promise<Record<(typeof attackNamesOfAll)[number], Attack>> {
  const answers = new Map<string, Answer>()
  for (const reader of Object.keys(readers)) {
    const run = sandbox.copyRun()
    answers.set(reader, await ask(sandbox, reader, run))
    sandbox.discard(run)
  }
  const cacheOf = (one: Sandbox) => one.path('cache')
  return {
    'damaged run': (one, random) => attackRun(one, answers, random),
    'damaged cache': async (one, random) => {
      // The first two checks fill the cache.
      for (let time = 0; time < 2; time++)
        await one.run(['check', 'blobs.yaml'], { env: { SHAPEWRIGHT_CACHE: cacheOf(one) } })
      return await attackCache(one, cacheOf(one), random)
    },
    'full disk, train': attackTraining,
    'full disk, export': attackExport,
    'closed pipe, train': attackTrainingOutput,
    'closed pipe': attackOutput,
    'ended run': attackRunning,
    'hostile names': attackNames,
    'strange files': attackInputs,
  }
}
