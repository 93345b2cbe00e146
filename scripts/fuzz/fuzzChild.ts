/** A process of the fuzz: `fuzzChild.ts SEED FROM TO [END]`, which sends its findings to its parent. */
import { fuzzSpecs } from './fuzzSpecs.ts'
import type { ChildMessage } from './fuzzInProcesses.ts'

const [seed, from, to, end = Number.POSITIVE_INFINITY] = process.argv.slice(2).map(Number)
const send = (message: ChildMessage) => process.send!(message)

// Warnings of TensorFlow.js would appear between the lines of the report.
console.warn = () => {}
const report = await fuzzSpecs({ from: from!, to: to! }, seed!, (index) => {
  send({ begun: index })
  return Date.now() < end
})
const sent: ChildMessage = {
  report: {
    ...report,
    findings: report.findings.map((one) => ({
      ...one,
      difference: { ...one.difference, upstream: new Set<string>() },
    })),
  },
}
process.send!(sent, () => process.disconnect())
