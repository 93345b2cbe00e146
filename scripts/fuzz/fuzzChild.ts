/** One process of the fuzz: `fuzzChild.ts SEED FROM TO [END]`, which tells its parent what it finds. */
import { fuzzSpecs } from './fuzzSpecs.ts'
import type { ChildMessage } from './fuzzInProcesses.ts'

const [seed, from, to, end = Number.POSITIVE_INFINITY] = process.argv.slice(2).map(Number)
const tell = (message: ChildMessage) => process.send!(message)

// The engine's notes would stand between the lines of the report.
console.warn = () => {}
const report = await fuzzSpecs({ from: from!, to: to! }, seed!, (index) => {
  tell({ begun: index })
  return Date.now() < end
})
const told: ChildMessage = {
  report: {
    ...report,
    findings: report.findings.map((one) => ({
      ...one,
      difference: { ...one.difference, upstream: new Set<string>() },
    })),
  },
}
process.send!(told, () => process.disconnect())
