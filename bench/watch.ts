/** Measures the time of `check --watch` from saving a file to the answer, against an empty Node process. Run `npm run build` first. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, milliseconds, timeInTurn } from './processes.ts'

const specs = ['configs/mnist-cnn.yaml', 'configs/zoo/resnet-50.yaml']
const saves = 21

export async function benchWatch(): Promise<void> {
  const bare = timeInTurn([{ name: 'node -e 0', args: ['-e', '0'] }], saves).get('node -e 0')!
  console.log(`${'node -e 0'.padEnd(28)} ${milliseconds(median(bare)).padStart(7)}`)
  for (const spec of specs) {
    const seconds = median(await timeSaves(readFileSync(spec, 'utf8')))
    console.log(
      `${spec.padEnd(28)} ${milliseconds(seconds).padStart(7)}  ${(seconds / median(bare)).toFixed(2)}x of bare node`,
    )
  }
}

/** Returns the seconds from each save of a changed text to the end of the answer, without the first. */
async function timeSaves(text: string): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-watch-'))
  const file = join(folder, 'watched.yaml')
  writeFileSync(file, text)
  const child = spawn(process.execPath, ['dist/bin.cjs', 'check', '--watch', file])
  const answered = (): Promise<void> =>
    new Promise((resolve) => {
      const look = (chunk: Buffer): void => {
        if (!chunk.toString().includes('watching')) return
        child.stderr.off('data', look)
        resolve()
      }
      child.stderr.on('data', look)
    })
  try {
    await answered()
    const times: number[] = []
    for (let save = 0; save <= saves; save += 1) {
      // Wait, because editors do not save twice in quick succession.
      await new Promise((resolve) => {
        setTimeout(resolve, 200)
      })
      const answer = answered()
      const start = performance.now()
      writeFileSync(file, `${text}# ${save}\n`)
      await answer
      times.push((performance.now() - start) / 1000)
    }
    return times.slice(1)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
}
