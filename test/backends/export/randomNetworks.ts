/** Networks at random for the comparison with Keras: half of a single layer each, half of several. */
import { drawLayer } from '../../../scripts/fuzz/drawLayer.ts'
import { drawnTypes } from '../../../scripts/fuzz/randomOptions.ts'
import { RandomSource, seedOfCase } from '../../../scripts/fuzz/randomSource.ts'
import { drawSpec } from '../../../scripts/fuzz/randomSpec.ts'
import { checkText } from '../../../src/analyze.ts'
import type { Network } from './pythonHarness.ts'

export function randomNetworks(count: number, seed: number): Network[] {
  const networks: Network[] = []
  for (let index = 0; networks.length < count; index += 1) {
    const text = index % 2 === 0 ? drawOne(index, seed) : drawSpec(seedOfCase(seed, index)).text
    if (text !== undefined && isComparable(text)) networks.push({ name: `random-${index}`, ...describe(text) })
  }
  return networks
}

function drawOne(index: number, seed: number): string | undefined {
  const type = drawnTypes[(index / 2) % drawnTypes.length]!
  return drawLayer(type, new RandomSource(seedOfCase(seed, index)))?.text
}

/**
 * Whole numbers that a network computes itself are outside of an embedding, a constraint with a rate is applied once more
 * when weights are set, and a reshape of open sizes fits some sizes only.
 */
function isComparable(text: string): boolean {
  if (checkText(text, 'random.yaml').diagnostics.some(({ severity }) => severity === 'error')) return false
  const layers = text.split('\n').filter((line) => line.startsWith('  - ')).length
  const isWhole = /embedding|categoryEncoding/.test(text)
  return !(isWhole && layers > 2) && !/minMaxNorm/.test(text) && !(/reshape/.test(text) && /null/.test(text))
}

function describe(text: string): Omit<Network, 'name'> {
  const spec = text.replace('name: fuzz\n', '')
  const mask = /masking: \{.*?(?:maskValue: (-?[\d.]+)|\})/.exec(text)
  const most = /(?:inputDim|numTokens): (\d+)/.exec(text)
  return {
    text: spec,
    ...(mask && { maskValue: Number(mask[1] ?? 0) }),
    ...(most && { below: Number(most[1]) }),
  }
}
