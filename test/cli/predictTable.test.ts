/** `predict` on the rows of a table, for a network that was trained on such rows. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../src/script/random.ts'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder = ''
const at = (name: string) => join(folder, name)
const head = 'length,colour,cut,species'

/** Two kinds of flowers, which overlap. */
function drawRows(count: number, seed: number): string[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const isLong = random() < 0.5
    const length = (isLong ? 40 : 30) + 12 * random()
    const colour = random() < 0.7 ? (isLong ? 'red' : 'blue') : 'green'
    return `${length.toFixed(2)},${colour},${random() < 0.5 ? 'a' : 'b'},${isLong ? 'iris' : 'rose'}`
  })
}

const tested = drawRows(40, 2)

const spec = (normalize: string) => `
name: flowers-${normalize}
dataset: { csv: { path: train.csv, test: test.csv, label: species, columns: { cut: index }, normalize: ${normalize} } }
layers:
  - dense: { units: 4, activation: tanh }
  - dense: { units: 2, activation: softmax }
optimizer: { adam: { learningRate: 0.05 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 16, seed: 1, validationSplit: 0 }
`

const normalizations = ['standard', 'minMax', 'none'] as const
const accuracies = new Map<string, number>()

beforeAll(async () => {
  folder = temporaryFolder()
  writeFileSync(at('train.csv'), `${[head, ...drawRows(120, 1)].join('\n')}\n`)
  writeFileSync(at('test.csv'), `${[head, ...tested].join('\n')}\n`)
  for (const normalize of normalizations) {
    writeFileSync(at(`${normalize}.yaml`), spec(normalize))
    const { stdout, stderr } = await callCommand([
      'train',
      at(`${normalize}.yaml`),
      '--backend',
      'cpu',
      '--out',
      at('runs'),
    ])
    const [, accuracy] = /^test .*accuracy: (\S+)/.exec(stdout) ?? []
    if (accuracy === undefined) throw new Error(stderr)
    accuracies.set(normalize, Number(accuracy))
  }
}, 120_000)

const predict = (normalize: string, ...args: readonly string[]) =>
  callCommand(['predict', at(`runs/flowers-${normalize}`), ...args, '--backend', 'cpu', '--quiet'])

interface Answer {
  readonly row: number
  readonly outputs: readonly [{ readonly top: readonly { readonly name: string }[] }]
}

async function namesOf(normalize: string, file: string): Promise<Map<number, string>> {
  const { stdout } = await predict(normalize, file, '--format', 'json')
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
  return new Map(answers.map(({ row, outputs }) => [row, outputs[0].top[0]!.name]))
}

describe.each(normalizations)('predict on a table, normalize: %s', (normalize) => {
  it('predicts as many rows correctly as the evaluation, each by its line', async () => {
    const named = await namesOf(normalize, at('test.csv'))
    expect([...named.keys()]).toEqual(tested.map((_row, index) => index + 2))
    const right = tested.filter((row, index) => row.endsWith(`,${named.get(index + 2)}`)).length
    expect(right / tested.length).toBeCloseTo(accuracies.get(normalize)!, 4)
  })

  it('needs neither the label nor the order of the columns', async () => {
    const turned = tested.map((row) => {
      const [length, colour, cut] = row.split(',')
      return `${cut},"${colour}",x, ${length}`
    })
    writeFileSync(at('turned.csv'), `cut,colour,other,length\n${turned.join('\n')}\n`)
    expect(await namesOf(normalize, at('turned.csv'))).toEqual(await namesOf(normalize, at('test.csv')))
  })
})

const unread: readonly [file: string, stderr: string, answered: number][] = [
  ['length,colour\n1,red\n', 'cannot be read: it has no column `cut`, which the network was trained on', 0],
  ['cut\na\n', 'cannot be read: it has no columns `length`, `colour`, which the network was trained on', 0],
  ['', 'cannot be read: it is empty', 0],
  [`${head}\n30,red,a,rose\n,red,a,rose\n`, ':3 cannot be read: "" in `length` is not a number', 1],
  [`${head}\n30,pink,a,rose\n`, ':2 cannot be read: "pink" is not one of the values of `colour` in training', 0],
  [`${head}\n30,red\n`, ', line 2: it has 2 fields, but line 1 has 4.', 0],
]

describe('predict', () => {
  it.each(unread)('on %j: %s', async (text, stderr, answered) => {
    writeFileSync(at('wrong.csv'), text)
    const result = await predict('standard', at('wrong.csv'))
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(stderr)
    expect(result.stdout.split('\n').filter((line) => line !== '')).toHaveLength(answered)
  })

  it('prints the line', async () => {
    const { stdout } = await predict('standard', at('test.csv'), '--top', '1')
    expect(stdout.split('\n')[0]).toMatch(/test\.csv:2 {2}(iris|rose) \d+\.\d%$/)
  })
})

describe('export --format keras', () => {
  it('says how a row becomes a sample', async () => {
    const { code } = await callCommand(['export', at('runs/flowers-minMax'), '--format', 'keras', '--out', at('keras')])
    expect(code).toBe(0)
    const text = readFileSync(at('keras/model.py'), 'utf8')
    const columns =
      '[\n    ("length", "number", []),\n    ("colour", "oneHot", ["blue", "green", "red"]),\n    ("cut", "index", ["a", "b"]),\n]'
    expect(text).toContain(`COLUMNS = ${columns}`)
    expect(text).toMatch(/\nSHIFT = \[3\d\.\d+, 0, 0, 0, 0\]\nFACTOR = \[0\.0\d+, 1, 1, 1, 1\]\n/)
  })
})
