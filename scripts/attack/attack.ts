/**
 * `npm run attack [-- --rounds 40] [--seed S] [--only WORDS,…] [--verbose]`: damages the files of a run and of the code cache, fills
 * the disk, closes pipes, and feeds hostile names and strange files to the built command line. No command may lose data,
 * return a wrong answer silently, hang, or print a stack trace.
 */
import { parseArgs } from 'node:util'
import { attackProduct } from './attackProduct.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    seed: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const seed = values.seed === undefined ? Date.now() % 0x7fffffff : Number(values.seed)
const began = Date.now()
const { made, skipped, findings } = await attackProduct({
  seed,
  rounds: Number(values.rounds),
  ...(values.only !== undefined && { only: values.only.split(',') }),
  ...(values.verbose && { onAttack: (text: string) => console.log(text) }),
})
for (const finding of findings) console.log(`${finding}\n`)
for (const name of skipped) console.log(`SKIPPED: ${name}, which needs the right to mount a file system`)
const counts = Object.entries(made).map(([name, count]) => `${count} ${name}`)
const total = Object.values(made).reduce((sum, count) => sum + count, 0)
console.log(
  `seed ${seed}: ${total} attacks (${counts.join('; ')}), ${findings.length} got through, ${Math.round((Date.now() - began) / 1000)} s`,
)
if (findings.length > 0 || total === 0) process.exitCode = 1
