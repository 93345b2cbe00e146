/** A sample of `npm run interop -- keras` and `pytorch`, where a Python has the framework: compiled scripts equal TensorFlow.js. */
import { describe, expect, it } from 'vitest'
import { compareCases, faultOf } from '../../scripts/interop/compareScripts.ts'
import { composedCases, publishedCases, randomCases, type InteropCase } from '../../scripts/interop/networkCases.ts'
import { pretrainedCases } from '../../scripts/interop/pretrainedCases.ts'
import { findPythonForTests } from '../../scripts/interop/pythons.ts'
import { trainingCases } from '../../scripts/interop/trainingCases.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const published = ['mnist-cnn', 'mnist-two-heads', 'zoo/lenet-5', 'zoo/timeseries-conv1d', 'zoo/ticket-towers']

/** Some networks, and every tenth training; `npm run interop` has all of them. */
const sample: readonly InteropCase[] = [
  ...publishedCases().filter(({ name }) => published.some((one) => name === `configs/${one}.yaml`)),
  ...composedCases(1).slice(0, 5),
  ...randomCases(10, 1),
  ...Object.values(trainingCases)
    .flatMap((casesOf) => casesOf())
    .filter((_case, index) => index % 10 === 0),
]

const folder = temporaryFolder()

describe.each(['keras', 'pytorch'] as const)('scripts for %s', (target) => {
  const python = findPythonForTests(target)

  it.skipIf(python === undefined)('compute what TensorFlow.js computes', { timeout: 300_000 }, async () => {
    await startEngine('wasm')
    const { results } = await compareCases([...sample, ...(await pretrainedCases(folder))], target, python!)
    const faults = [...results].map(([{ group, name }, result]) => [`${group}, ${name}`, faultOf(result)] as const)
    expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([])
    expect(results.size).toBeGreaterThan(sample.length / 2)
  })
})
