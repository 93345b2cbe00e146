/** Measures `compile` from a cold start against loading only ts-morph. Run `npm run build` first. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, milliseconds, ratio, timeInTurn } from './processes.ts'

export function benchCompile(): void {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-bench-'))
  const text = readFileSync('configs/mnist-cnn.yaml', 'utf8')
  const hundred = Array.from({ length: 100 }, (_, index) => {
    const path = join(folder, `spec${index}.yaml`)
    writeFileSync(path, text.replace('name: mnist-cnn', `name: spec${index}`))
    return path
  })
  const tall = join(folder, 'tall.yaml')
  writeFileSync(
    tall,
    `name: tall\ninput: { shape: [8] }\nlayers:\n${'  - dense: { units: 8, activation: relu }\n'.repeat(1000)}`,
  )
  const out = join(folder, 'out')
  const times = timeInTurn(
    [
      { name: 'import ts-morph', args: ['-e', "require('ts-morph')"] },
      { name: 'compile the MNIST spec', args: ['dist/bin.cjs', 'compile', 'configs/mnist-cnn.yaml', '-o', out] },
      ...['keras', 'pytorch'].map((target) => ({
        name: `compile to ${target}`,
        args: ['dist/bin.cjs', 'compile', 'configs/mnist-cnn.yaml', '--target', target, '-o', out],
      })),
      { name: 'compile 100 specs', args: ['dist/bin.cjs', 'compile', ...hundred, '-o', out] },
      { name: 'compile 1,000 layers', args: ['dist/bin.cjs', 'compile', tall, '-o', out] },
    ],
    5,
  )
  const base = times.get('import ts-morph')!
  for (const [name, seconds] of times) {
    console.log(
      `${name.padEnd(24)} ${milliseconds(median(seconds)).padStart(8)}  ${ratio(seconds, base).toFixed(2)}x of ts-morph`,
    )
  }
}
