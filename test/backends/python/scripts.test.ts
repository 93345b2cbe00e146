/** Compiled Python scripts: their size, layout and types. */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { compileAnalysis } from '../../../src/compile.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const python = process.env['KERAS_PYTHON'] ?? 'python3'
const folder = temporaryFolder()

const targets = ['keras', 'pytorch'] as const

async function compile(text: string, file: string, target: (typeof targets)[number]): Promise<string> {
  const analysis = checkText(text, file, { host: nodeHost })
  const [script] = await compileAnalysis(analysis, { target, backend: 'auto' })
  writeFileSync(join(folder, script!.fileName), script!.content)
  return new TextDecoder().decode(script!.content)
}

const small =
  'layers: [flatten, { dense: { units: 4, activation: softmax } }]\noptimizer: adam\nloss: categoricalCrossentropy\n'
const images = 'dataset: { synthetic: { shape: [8, 8, 3], classes: 4 } }\n'

/** Specs that use each part of the library at least once. */
const specs: readonly (readonly [name: string, text: string])[] = [
  ...readdirSync('configs')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name.replace('.yaml', ''), readFileSync(`configs/${name}`, 'utf8')] as const),
  [
    'augmented',
    `name: augmented\n${images}${small}normalize: { fit: true }\naugment: [randomFlip, { randomCrop: { padding: 2 } }, { randomRotation: { degrees: 9 } }, { randomBrightness: { factor: 0.1 } }, { randomContrast: { factor: 0.1 } }, { cutout: { size: 2 } }, mixup]\ntraining: { epochs: 9, validationSplit: 0.2, stratified: true, classWeights: balanced, weightDecay: 0.01, gradientAccumulation: 3, clipNorm: 1, clipValue: 0.1, schedule: { cosine: { warmup: 1, epochs: 4 } }, callbacks: [{ reduceOnPlateau: { patience: 2 } }] }\nlearningRates: { dense: 0.5 }\n`,
  ],
  [
    'normalized',
    `name: normalized\n${images}${small}normalize: { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4] }\naugment: [randomFlip]\n`,
  ],
  [
    'watched',
    `name: watched\n${images}${small}metrics: [accuracy, precision, r2Score, { topKCategoricalAccuracy: { k: 2 } }, meanSquaredError]\ntraining: { epochs: 9, validationSplit: 0.2, callbacks: [{ earlyStopping: { patience: 2, restoreBestWeights: true } }, { checkpoint: { keep: best } }, csvLog, terminateOnNaN, tensorBoard, { reduceOnPlateau: { patience: 2 } }] }\n`,
  ],
  [
    'recurrent',
    `name: recurrent\n${images}layers: [{ reshape: { targetShape: [8, 24] } }, { bidirectional: { layer: { lstm: { units: 4, recurrentActivation: sigmoid, returnSequences: true } } } }, { gru: { units: 4 } }, { dense: { units: 4, activation: softmax } }]\noptimizer: adam\nloss: categoricalCrossentropy\ntraining: { weightDecay: 0.01 }\n`,
  ],
  [
    'table',
    'name: table\ndataset: { csv: { path: docs/examples/fruit.csv, label: fruit, testSplit: 0.2 } }\nlayers: [{ dense: { units: 3, activation: softmax } }]\noptimizer: { momentum: { useNesterov: true } }\nloss: categoricalHinge\ntraining: { batchSize: 4, classWeights: { 0: 2 } }\n',
  ],
  [
    'named',
    `name: named\n${images}layers: [flatten, { dense: { units: 4, name: torch, activation: gelu_new } }, { dense: { units: 4, name: gelu_new, activation: gelu_new } }, { dense: { units: 4, name: self } }, { add: { inputs: [torch, self], name: time } }, { dense: { units: 4, activation: softmax, name: random_flip } }]\noptimizer: adam\nloss: categoricalCrossentropy\naugment: [randomFlip]\n`,
  ],
  [
    'hostile',
    `name: hostile\ndataset: { mnist: { path: 'a"); import os #' } }\nlayers: [flatten, { dense: { units: 10, activation: softmax, name: class } }]\noptimizer: sgd\nloss: categoricalCrossentropy\n`,
  ],
]

describe.each([
  { target: 'keras', lines: 103 },
  { target: 'pytorch', lines: 120 },
] as const)('a script for $target', ({ target, lines }) => {
  it(`of MNIST has at most ${lines} lines`, async () => {
    const text = await compile(readFileSync('configs/mnist-cnn.yaml', 'utf8'), 'configs/mnist-cnn.yaml', target)
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(lines)
  })

  it.each(specs)('of %s is the same each time', async (name, text) => {
    expect(await compile(text, `${name}.yaml`, target)).toBe(await compile(text, `${name}.yaml`, target))
  })
})

it.each([
  ['resnet-50', 'keras', 80],
  ['densenet-121', 'keras', 70],
  ['resnet-50', 'pytorch', 140],
  ['densenet-121', 'pytorch', 120],
] as const)('a block of %s is written once for %s', async (name, target, lines) => {
  const file = `configs/zoo/${name}.yaml`
  const text = await compile(readFileSync(file, 'utf8'), file, target)
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(lines)
})

describe.skipIf(!hasTool('ruff') || !hasTool('mypy'))('all scripts', () => {
  const run = (...args: string[]) => {
    try {
      return execFileSync(python, ['-m', ...args], { cwd: folder, encoding: 'utf8' })
    } catch (error) {
      return String((error as { readonly stdout: string }).stdout)
    }
  }

  it('are formatted as ruff does, clean, and well typed', { timeout: 240_000 }, async () => {
    for (const target of targets) for (const [name, text] of specs) await compile(text, `${name}.yaml`, target)
    expect(run('ruff', 'format', '--diff', '--line-length', '120', '.')).toBe('')
    expect(run('ruff', 'check', '--line-length', '120', '.')).toBe('All checks passed!\n')
    expect(run('mypy', '--ignore-missing-imports', '--cache-dir', resolve('node_modules/.cache/mypy'), '.')).toContain(
      'Success',
    )
  })
})

function hasTool(name: string): boolean {
  try {
    execFileSync(python, ['-m', name, '--version'], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write(`SKIPPED: no Python with ${name} was found (KERAS_PYTHON names one)\n`)
    return false
  }
}
