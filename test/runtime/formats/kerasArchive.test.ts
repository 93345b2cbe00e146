/** The weights in a `.keras` file that Keras 3.15 wrote, and in damaged copies of it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { readWeightsHeader } from '../../../src/runtime/formats/weightsHeader.ts'
import { readInitialWeights } from '../../../src/runtime/runs/initialWeights.ts'
import { createRandom } from '../../../src/script/random.ts'
import { isKnownError } from '../../../src/system/knownError.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const path = fileURLToPath(new URL('small.keras', import.meta.url))
const folder = temporaryFolder()

/** The first number of each weight, as Keras prints it. */
const firsts = {
  'both/forward/0': 0.46691831946372986,
  'both/forward/1': 0.5451414585113525,
  'both/forward/2': 0.4462957978248596,
  'both/backward/0': 0.32583126425743103,
  'both/backward/1': 0.7081582546234131,
  'both/backward/2': 0.5922002196311951,
  'norm/0': 0.300961971282959,
  'norm/1': 0.8639359474182129,
  'norm/2': 0.28761449456214905,
  'norm/3': 0.37714144587516785,
  'each/0': 0.5655680894851685,
  'each/1': 0.14385239779949188,
  'hidden/0': 0.1877802461385727,
  'hidden/1': 0.3651984930038452,
  'head/0': 0.3651984930038452,
  'head/1': 0.8639359474182129,
}

describe('a .keras file', () => {
  it('has the weights of all layers, by their names', async () => {
    const { arrays } = await readInitialWeights({ from: path })
    expect(Object.fromEntries(arrays.map(({ name, values }) => [name, values[0]]))).toEqual(firsts)
  })

  it.each([
    ['', []],
    ["{ from: FILE, layers: 'ea*' }", []],
    [
      'UNITS',
      [
        '`hidden` does not fit the weights in FILE: its kernel is 12x4, but 12x3 in the file; its bias is 4, but 3 in the file',
      ],
    ],
  ])('is compared with the layers of a spec: %s', (section, want) => {
    const text = `name: a
input: { shape: [6, 4] }
layers:
  - bidirectional: { name: both, layer: { lstm: { units: 3, returnSequences: true } } }
  - batchNormalization: { name: norm }
  - timeDistributed: { name: each, layer: { dense: { units: 2 } } }
  - flatten
  - dense: { name: hidden, units: ${section === 'UNITS' ? 4 : 3} }
  - dense: { name: other, units: 2 }
weights: ${section.startsWith('{') ? section.replace('FILE', path) : `{ from: ${path}, except: other }`}
`
    const { diagnostics } = checkText(text, 'spec.yaml', { host: nodeHost })
    expect(diagnostics.map(({ message }) => message.replace(path, 'FILE'))).toEqual(want)
  })

  it('is read, or refused, with any damage', () => {
    const whole = readFileSync(path)
    const random = createRandom(1)
    const copy = join(folder, 'damaged.keras')
    let refused = 0
    for (let round = 0; round < 300; round += 1) {
      const damaged = Buffer.from(whole)
      for (let flip = 0; flip < 20; flip += 1) damaged[Math.floor(random() * whole.length)] = Math.floor(random() * 256)
      writeFileSync(copy, round % 10 === 0 ? damaged.subarray(0, Math.floor(random() * whole.length)) : damaged)
      try {
        readWeightsHeader(nodeHost, copy)
      } catch (error) {
        if (!isKnownError(error)) throw error
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(60)
  })
})
