/** Runs the text fuzz in several processes, so that a hang or a crash ends only one. They run bundled code, twice as fast as through a loader. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { noTexts, type TextProgress } from './fuzzTexts.ts'

export interface TextRun {
  readonly count: number
  readonly seed: number
  readonly jobs: number
  readonly seconds: number
}

interface Message extends TextProgress {
  readonly findings: readonly string[]
}

/** The time without an answer after which a text hangs, in milliseconds; one that takes seconds is reported as a problem. */
const longestSilence = 300_000

/** The heap limit of a process in MB. It is low, so that garbage of earlier texts is collected; a text that needs more ends its process. */
const heap = 350

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Runs the fuzz and returns the number of problems. */
export async function runTextFuzz({ count, seed, jobs, seconds }: TextRun): Promise<number> {
  const worker = at('../../node_modules/.cache/textWorker.mjs')
  await build({
    entryPoints: [at('textWorker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    // A CommonJS package loads Node's own modules with require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  const start = Date.now()
  const progress = Array.from({ length: jobs }, () => noTexts)
  let problems = 0
  let printed = 0
  const printProgress = () => {
    const { texts, withoutErrors, slowest, peak, cpu } = sumUp(progress)
    const counts = `${texts} texts, ${withoutErrors} of them without errors, ${problems} problems`
    const most = `the slowest ${(slowest / 1000).toFixed(2)} s of CPU, the most ${peak.toFixed(0)} MB`
    console.log(
      `seed ${seed}: ${counts}, ${most}, ${(texts / cpu).toFixed(0)} texts a second of CPU, ${Math.round((Date.now() - start) / 1000)} s`,
    )
  }
  const runShard = (shard: number) =>
    new Promise<void>((done) => {
      const child = fork(worker, [count, seed, shard, jobs].map(String), { execArgv: [`--max-old-space-size=${heap}`] })
      let lastWord = Date.now()
      const watch = setInterval(() => {
        if (Date.now() - start > 1000 * seconds && child.connected) child.send('end')
        if (Date.now() - lastWord > longestSilence) child.kill('SIGKILL')
      }, 1000)
      child.on('message', ({ findings, ...state }: Message) => {
        lastWord = Date.now()
        progress[shard] = state
        problems += findings.length
        for (const finding of findings) console.log(finding)
        const { texts } = sumUp(progress)
        if (texts - printed >= 10_000) {
          printed = texts
          printProgress()
        }
      })
      child.on('exit', (code, signal) => {
        clearInterval(watch)
        if (code !== 0) {
          problems += 1
          const { next } = progress[shard]!
          console.log(`ended by ${signal ?? code} at or behind text ${next}: \`--show-text ${next}\` prints it\n`)
        }
        done()
      })
    })
  await Promise.all(progress.map((_state, shard) => runShard(shard)))
  printProgress()
  return problems
}

function sumUp(parts: readonly TextProgress[]): TextProgress {
  return parts.reduce((sum, part) => ({
    texts: sum.texts + part.texts,
    withoutErrors: sum.withoutErrors + part.withoutErrors,
    slowest: Math.max(sum.slowest, part.slowest),
    peak: Math.max(sum.peak, part.peak),
    cpu: sum.cpu + part.cpu,
    next: Math.max(sum.next, part.next),
  }))
}
