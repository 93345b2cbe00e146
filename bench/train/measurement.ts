/** What a contestant of the training benchmark measures in its own process, and prints as its last line. */
import { spawnSync } from 'node:child_process'

export interface Measurement {
  readonly imagesPerSecond: number
  /** The time of all processor cores together, which other processes of the machine disturb least. */
  readonly cpuSecondsPerImage: number
  /** From the start of the process to the end of its first 20 steps. */
  readonly firstPassSeconds: number
  /** The peak of resident memory. */
  readonly peakMegabytes: number
}

/** The environment variable with the time at which the process was started, in milliseconds since 1970. */
const startVariable = 'SHAPEWRIGHT_BENCH_START'

/** Measures passes over the training data: the first one warms up, the others count. */
export class PassTimer {
  readonly #imagesPerPass: number
  readonly #seconds: number
  #firstPassSeconds = 0
  #passes = 0
  #since = 0
  #cpuSince = 0

  /** @param seconds How long passes are measured. */
  constructor(imagesPerPass: number, seconds: number) {
    this.#imagesPerPass = imagesPerPass
    this.#seconds = seconds
  }

  /** Counts a pass that has just ended. Returns the measurement when the time is over. */
  endPass(): Measurement | undefined {
    const [now, cpu] = [performance.now(), cpuSeconds()]
    if (this.#since === 0) {
      this.#firstPassSeconds = (Date.now() - Number(process.env[startVariable] ?? Date.now())) / 1000
      this.#since = now
      this.#cpuSince = cpu
      return undefined
    }
    this.#passes += 1
    const seconds = (now - this.#since) / 1000
    if (seconds < this.#seconds) return undefined
    const images = this.#passes * this.#imagesPerPass
    return {
      imagesPerSecond: images / seconds,
      cpuSecondsPerImage: (cpu - this.#cpuSince) / images,
      firstPassSeconds: this.#firstPassSeconds,
      peakMegabytes: process.resourceUsage().maxRSS / 1000,
    }
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Runs a contestant's command. Returns undefined if it fails or prints no measurement. */
export function measure(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Measurement | undefined {
  const { stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env, [startVariable]: `${Date.now()}` },
  })
  try {
    const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as Measurement | number
    // Commits before this format print the rate alone.
    if (typeof found !== 'number') return found
    return { imagesPerSecond: found, cpuSecondsPerImage: NaN, firstPassSeconds: NaN, peakMegabytes: NaN }
  } catch {
    return undefined
  }
}
