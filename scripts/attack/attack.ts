/** `npm run attack`: damages files, fills disks, and feeds hostile input to the built command line. */
import { readOptions } from '../options.ts'
import { attackProduct } from './attackProduct.ts'

const { values } = readOptions({
  command: 'attack',
  about:
    'Damages the files of a run and of the code cache, fills the disk, closes pipes, and feeds hostile names and strange files to\nthe built command line. No command may lose data, return a wrong answer silently, hang, or print a stack trace.',
  options: {
    rounds: { kind: 'number', value: 'N', default: 40, help: 'the number of rounds' },
    seed: { kind: 'number', value: 'S', help: 'draws the same attacks again' },
    only: {
      kind: 'text',
      value: 'WORDS',
      help: 'only attacks whose names contain one of these words, separated by commas',
    },
    verbose: { kind: 'flag', help: 'prints each attack' },
  },
})
const { rounds, seed = Date.now() % 0x7fffffff } = values
const began = Date.now()
const { made, skipped, findings } = await attackProduct({
  seed,
  rounds,
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
