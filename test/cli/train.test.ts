/** `train` and `evaluate` on real MNIST, for as long as it takes to see them work. */
import { readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { version } from '../../src/system/version.ts'
import { runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = 'configs/mnist-cnn.yaml'

describe('train', () => {
  it('stops on Ctrl-C after the step, saves the run, and evaluate reads it', { timeout: 300_000 }, async () => {
    const out = temporaryFolder()
    const result = await runCli(['train', spec, '--backend', 'wasm', '--out', out], { interruptAt: /loss: / })
    expect(result).toMatchObject({ code: 130 })
    expect(result.stderr).toMatch(/mnist-cnn: 50,186 parameters, training on 60,000 samples\nEpoch 1\/5\n/)
    expect(result.stdout).toMatch(/^weights sha256: [0-9a-f]{64}\nsaved in /)
    const run = join(out, 'mnist-cnn')
    expect(readdirSync(run).toSorted()).toEqual([
      'checkpoints',
      'environment.json',
      'manifest.json',
      'model',
      'report.html',
      'resolved.json',
      'spec.yaml',
    ])
    expect(JSON.parse(readFileSync(join(run, 'model', 'model.json'), 'utf8'))).toMatchObject({
      userDefinedMetadata: { classNames: [...'0123456789'], preprocessing: { shape: [28, 28, 1], scale: 1 / 255 } },
    })
    expect(JSON.parse(readFileSync(join(run, 'environment.json'), 'utf8'))).toMatchObject({
      seed: 42,
      shapewright: version,
    })
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('This run was stopped before its first epoch')
    expect(readdirSync(join(run, 'model')).toSorted()).toEqual(['model.json', 'weights.bin'])
    const resumed = await runCli(['train', spec, '--resume', '--out', out], { interruptAt: /loss: / })
    expect(resumed).toMatchObject({ code: 130 })
    expect(resumed.stderr).toMatch(/^Resuming from .*step-\d+\.safetensors, after step \d+ of epoch 1\.\nengine: wasm/)
    const other = await runCli(['train', spec, '--resume', run, '--seed', '7'])
    expect(other).toMatchObject({ code: 2 })
    expect(other.stderr).toMatch(/error: .* cannot be resumed because the spec has changed: seed: \d+ → 7\nhelp: /)
    expect(JSON.parse(readFileSync(join(run, 'resolved.json'), 'utf8'))).toMatchObject({
      name: 'mnist-cnn',
      training: { epochs: 5, shuffle: true },
    })

    const evaluated = await runCli(['evaluate', run, '--backend', 'wasm', '--format', 'json'])
    expect(evaluated).toMatchObject({ code: 0 })
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ loss: expect.any(Number), accuracy: expect.any(Number) })
  })

  it('names the missing data file, and how to get it', async () => {
    const empty = temporaryFolder()
    const result = await runCli(['train', spec, '--backend', 'cpu', '--data', empty, '--out', empty])
    expect(result).toMatchObject({ code: 2 })
    expect(result.stderr).toMatch(/error: .*train-images-idx3-ubyte.*\nhelp: /)
  })

  it('refuses options that make the spec invalid', async () => {
    const result = await runCli(['train', spec, '--batch-size', '70000', '--out', tmpdir()])
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain('error: with these options, `batchSize` 70000 exceeds the 60,000 training samples')
  })

  it('cifar10 without its archive says where that comes from', async () => {
    const result = await runCli(['train', 'configs/cifar10-cnn.yaml', '--backend', 'cpu', '--out', tmpdir()], {
      env: { SHAPEWRIGHT_CACHE: temporaryFolder() },
    })
    expect(result).toMatchObject({ code: 2 })
    expect(result.stderr).toMatch(/error: .*\nhelp: .*--data/)
  })
})
