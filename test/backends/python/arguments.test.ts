/** The arguments of Python scripts, read by Python without Keras or PyTorch. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { printArguments } from '../../../src/backends/python/printArguments.ts'

const python = process.env['KERAS_PYTHON'] ?? 'python3'
const hasPython = spawnSync(python, ['--version']).status === 0
if (!hasPython) process.stderr.write('SKIPPED: no Python was found (KERAS_PYTHON names one)\n')

const program = [
  'import argparse, time',
  'from pathlib import Path',
  ...printArguments({ name: 'net', epochs: 5, batchSize: 32, learningRate: 0.01, seed: 42, weights: 'weights' }),
  'print(args.epochs, args.batch_size, args.learning_rate, args.seed)',
].join('\n')

describe.skipIf(!hasPython)('a Python script', () => {
  const range =
    'error: --epochs and --batch-size must be at least 1, --learning-rate at least 0, --seed 0 to 4294967295\n'

  it.each([
    [[], 0, '5 32 0.01 42\n'],
    [['--epochs', '1', '--learning-rate', '0', '--seed', '4294967295'], 0, '1 32 0.0 4294967295\n'],
    [['--epochs', '0'], 2, range],
    [['--batch-size', '-2'], 2, range],
    [['--learning-rate', 'nan'], 2, range],
    [['--seed', '-1'], 2, range],
    [['--seed', '4294967296'], 2, range],
    [['--seed', '1.5'], 2, "error: argument --seed: invalid int value: '1.5'\n"],
  ])('reads %j', (args, status, end) => {
    const ended = spawnSync(python, ['-c', program, ...args], { encoding: 'utf8' })
    expect(ended.status).toBe(status)
    expect(ended.stdout + ended.stderr).toContain(end)
    expect(ended.stderr).not.toContain('Traceback')
  })
})
