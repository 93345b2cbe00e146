/** Runs the contestants of the training benchmark in turn, so that a change of the machine's speed affects all of them. */
import { availableParallelism, loadavg } from 'node:os'
import { type Contestant, type Net } from './contestants.ts'
import { measure, type Measurement } from './measurement.ts'

/** The measurements of one net: of each contestant, one a round, in the order of the rounds. */
export interface NetRounds {
  readonly net: Net
  /** The mean load of the machine over the minute before each round. */
  readonly load: readonly number[]
  readonly contestants: readonly {
    readonly name: string
    /** The setting that was fastest in the first round; empty if there is only one. */
    readonly setting: string
    /** Undefined for a round in which the contestant failed. */
    readonly rounds: readonly (Measurement | undefined)[]
  }[]
}

/** All contestants get the machine's cores. TensorFlow takes them by itself, and our native engine as many as the work is worth. */
const cores = `${availableParallelism()}`
const threads = { OMP_NUM_THREADS: cores, PYTORCH_NUM_THREADS: cores }

/**
 * Measures a net in so many rounds. In the first, contestants try all of their settings, and the fastest one competes in
 * the others. Those that fail in the first round do not run here.
 */
export function measureInTurn(net: Net, contestants: readonly Contestant[], rounds: number): NetRounds {
  const load = [loadavg()[0]!]
  const taking = contestants
    .filter(({ only = net.name }) => only === net.name)
    .map(({ name, settings }) => ({ name, ...chooseSetting(net, settings) }))
  for (let round = 1; round < rounds; round += 1) {
    load.push(loadavg()[0]!)
    for (const { command, rounds: found } of taking) if (command) found.push(measure(command, threads))
  }
  return {
    net,
    load,
    contestants: taking.map(({ name, setting, rounds: found }) => ({ name, setting, rounds: found })),
  }
}

interface Chosen {
  readonly setting: string
  /** Undefined if no setting runs here. */
  readonly command: readonly string[] | undefined
  readonly rounds: (Measurement | undefined)[]
}

function chooseSetting(net: Net, settings: Contestant['settings']): Chosen {
  const tried = Object.entries(settings).flatMap(([setting, commandOf]) => {
    const command = commandOf(net)
    const measurement = measure(command, threads)
    return measurement ? [{ setting, command, rounds: [measurement] }] : []
  })
  const [fastest] = tried.toSorted((a, b) => b.rounds[0]!.imagesPerSecond - a.rounds[0]!.imagesPerSecond)
  return fastest ?? { setting: '', command: undefined, rounds: [] }
}
