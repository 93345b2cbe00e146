/** The command line on tables: what was read, how its columns were read, and what was found only in all of it. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()

const specFile = (name: string, layers = '[{ dense: { units: 1 } }]') => {
  const path = join(folder, `${name}.yaml`)
  const training =
    'optimizer: { sgd: { learningRate: 0.01 } }\nloss: meanSquaredError\ntraining: { epochs: 1, batchSize: 512 }\n'
  writeFileSync(
    path,
    `name: ${name}\ndataset: { csv: { path: ${name}.csv, label: y } }\nlayers: ${layers}\n${training}`,
  )
  return path
}

const rows = (count: number, row: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => row(at)).join('\n')
const large = (last: string) =>
  `size,colour,y\n${rows(150_000, (at) => `${at % 7}.25,a long name of a colour ${at % 3},${at % 5}`)}\n${last}\n`

describe('a table that is larger than what `check` reads', () => {
  const fine = specFile('fine')
  writeFileSync(join(folder, 'fine.csv'), large('1,red,2'))
  const wrong = specFile('wrong')
  writeFileSync(join(folder, 'wrong.csv'), large('1o,red,2'))

  it('is not said to fit', async () => {
    const { code, stdout } = await callCommand(['check', fine])
    expect([code, stdout]).toEqual([1, expect.stringMatching(/the shape of the samples is unknown: only the first/)])
    expect(stdout).not.toContain('fits')
  })

  it('is read whole by `summary`, which says how', async () => {
    const { code, stdout } = await callCommand(['summary', fine])
    expect([code, stdout]).toEqual([0, expect.stringContaining('(batch, 5)')])
    expect(stdout).toContain('Columns:\n')
    expect(stdout).toMatch(
      / {2}size +number +0.25 to 6.25 +1 input\n {2}colour +oneHot +a long name of a colour 0, .*, red +4 inputs\n {2}y +label: values +0 to 4\n/,
    )
    const json = JSON.parse((await callCommand(['summary', fine, '--format', 'json'])).stdout) as { columns: object[] }
    expect(json.columns[0]).toEqual({
      name: 'size',
      role: 'input',
      type: 'number',
      stated: false,
      least: 0.25,
      most: 6.25,
      inputs: 1,
    })
  })

  it.each(['train', 'compile', 'summary'])('has its mistake reported by `%s`, with the line', async (command) => {
    const args =
      command === 'train' ? ['--out', join(folder, 'runs')] : command === 'compile' ? ['-o', join(folder, 'out')] : []
    const { code, stderr } = await callCommand([command, wrong, ...args])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/error\[data\/nearly-numeric\]: .*wrong.csv, line 150002: "1o" in "size"/),
    ])
    expect(stderr).not.toMatch(/\n +at /)
    expect([existsSync(join(folder, 'runs')), existsSync(join(folder, 'out'))]).toEqual([false, false])
  })

  it('has its columns listed by `check --data` and `data`', async () => {
    const checked = await callCommand(['check', '--data', fine])
    expect([checked.code, checked.stdout]).toEqual([
      0,
      expect.stringMatching(/^Columns:\n {2}size .*\nok .*fine.yaml: 1 layer, 6 parameters/s),
    ])
    const looked = await callCommand(['data', fine])
    expect([looked.code, looked.stdout]).toEqual([
      0,
      expect.stringMatching(/150,001 samples of 5\n\nColumns:\n {2}size/),
    ])
  })
})

it('refuses numbers that training cannot use, by file, line and value', async () => {
  const spec = specFile('beyond')
  writeFileSync(join(folder, 'beyond.csv'), `size,y\n${rows(600, (at) => `${at === 7 ? '1e300' : at},${at % 5}`)}\n`)
  const { code, stderr } = await callCommand(['train', spec, '--out', join(folder, 'runs'), '--backend', 'cpu'])
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/error: .*beyond.csv, line 9: `size` is 1e300, which exceeds the range of float32/),
  ])
})

it('reports missing data in `summary`', async () => {
  const path = join(folder, 'absent.yaml')
  writeFileSync(
    path,
    'name: absent\ninput: { shape: [4] }\ndataset: { npz: { path: absent.npz } }\nlayers: [{ dense: { units: 1 } }]\n',
  )
  const { code, stdout } = await callCommand(['summary', path])
  expect([code, stdout]).toEqual([0, expect.stringMatching(/Not checked: .*absent.npz was not found\n$/)])
})
