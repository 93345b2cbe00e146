/** `--checkpoint` of the commands that read a run: the weights of a checkpoint in place of those of the end. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = `
name: steps
dataset: { csv: { path: rows.csv, test: rows.csv, label: y } }
layers:
  - dense: { units: 1 }
optimizer: { sgd: { learningRate: 0.1 } }
loss: meanSquaredError
training:
  epochs: 3
  batchSize: 8
  seed: 1
  validationSplit: 0
  callbacks:
    - checkpoint: { keep: best, monitor: loss }
`

let folder = ''
const at = (name: string) => join(folder, name)
const run = () => at('runs/steps')
const cli = (command: string, ...args: readonly string[]) => callCommand([command, run(), ...args])
const evaluate = async (...args: readonly string[]) =>
  JSON.parse((await cli('evaluate', '--backend', 'cpu', '--format', 'json', ...args)).stdout) as unknown

beforeAll(async () => {
  folder = temporaryFolder()
  const rows = Array.from({ length: 16 }, (_, row) => `${row},${(row * 7) % 5},${3 * row + 1}`)
  writeFileSync(at('rows.csv'), `a,b,y\n${rows.join('\n')}\n`)
  writeFileSync(at('spec.yaml'), spec)
  const { code, stderr } = await callCommand(['train', at('spec.yaml'), '--backend', 'cpu', '--out', at('runs')])
  if (code !== 0) throw new Error(stderr)
}, 60_000)

describe('--checkpoint', () => {
  it('evaluates the epoch of the checkpoint', async () => {
    const end = await evaluate()
    expect(await evaluate('--checkpoint', 'step-00000006')).toEqual(end)
    expect(await evaluate('--checkpoint', 'best')).toEqual(end)
    expect(await evaluate('--checkpoint', 'step-00000004')).not.toEqual(end)
  })

  it('predicts with its weights', async () => {
    const predict = async (...args: readonly string[]) =>
      (await cli('predict', at('rows.csv'), '--backend', 'cpu', '--quiet', ...args)).stdout
    expect(await predict('--checkpoint', 'best')).toBe(await predict())
    expect(await predict('--checkpoint', 'step-00000004')).not.toBe(await predict())
  })

  it.each(['tfjs', 'keras'])('exports its weights for %s', async (format) => {
    const written = async (name: string, ...args: readonly string[]) => {
      const result = await cli('export', '--format', format, '--out', at(`${format}-${name}`), ...args)
      expect(result).toMatchObject({ code: 0, stderr: '' })
      return readFileSync(at(`${format}-${name}/weights.${format === 'tfjs' ? 'bin' : 'npz'}`))
    }
    const end = await written('end')
    expect(await written('best', '--checkpoint', 'best')).toEqual(end)
    expect(await written('first', '--checkpoint', 'step-00000004')).not.toEqual(end)
  })

  it('lists the checkpoints', async () => {
    const { code, stderr } = await cli('evaluate', '--backend', 'cpu', '--checkpoint', '../model/weights')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /error: .*steps has no checkpoint "..\/model\/weights"\.\nhelp: It has best, step-00000004, step-00000006\.\n$/,
    )
  })

  it('names a damaged checkpoint', async () => {
    const path = at('runs/steps/checkpoints/step-00000004.safetensors')
    writeFileSync(path, readFileSync(path).subarray(0, 400))
    const { code, stderr } = await cli('evaluate', '--backend', 'cpu', '--checkpoint', 'step-00000004')
    expect(code).toBe(2)
    expect(stderr).toMatch(/step-00000004\.safetensors is damaged: .*\.\nhelp: Use another checkpoint/)
  })
})
