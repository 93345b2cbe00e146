/** `npm run interop -- pytorch`: compares outputs from handed-over weights, and weights and logs after short trainings. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { composedCases, configCases, randomCases, trainingCases } from './cases.ts'
import { comparePytorch, isEqual, prepareCases, type Comparison } from './comparePytorch.ts'
import { findPython } from './findPython.ts'

export async function run(): Promise<void> {
  const { values } = parseArgs({
    allowPositionals: true,
    options: {
      specs: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      keep: { type: 'string' },
    },
  })
  const python = findPython(['torch', 'numpy'])
  if (python === undefined) {
    process.stderr.write('No Python with torch and numpy. Set TORCH_PYTHON to one.\n')
    process.exit(2)
  }
  await startEngine('wasm')
  const groups = {
    configs: { cases: configCases(), count: Number.POSITIVE_INFINITY },
    composed: { cases: composedCases(Number(values.seed)), count: Number.POSITIVE_INFINITY },
    random: { cases: randomCases(Number(values.seed)), count: Number(values.specs) },
    training: { cases: trainingCases(), count: Number.POSITIVE_INFINITY },
  }
  const root = values.keep ?? mkdtempSync(join(tmpdir(), 'shapewright-interop-'))
  let isFine = true
  for (const [group, { cases, count }] of Object.entries(groups)) {
    if (values.only !== undefined && values.only !== group) continue
    const prepared = await prepareCases(cases, count, join(root, group))
    const found: Comparison[] = []
    for await (const comparison of comparePytorch(python, prepared)) {
      found.push(comparison)
      if (!isEqual(comparison))
        process.stdout.write(`  ${comparison.name}: ${comparison.difference ?? 'failed'} ${comparison.note}\n`)
    }
    const equal = found.filter(isEqual)
    const largest = Math.max(0, ...equal.map(({ difference }) => difference!))
    process.stdout.write(
      `${group}: ${equal.length} of ${prepared.folders.size} equal, largest difference ${largest.toExponential(1)}, ${prepared.refused.length} refused\n`,
    )
    for (const one of prepared.refused) process.stdout.write(`  ${one}\n`)
    isFine &&= equal.length === prepared.folders.size
  }
  if (values.keep === undefined) rmSync(root, { recursive: true })
  process.exitCode = isFine ? 0 : 1
}
