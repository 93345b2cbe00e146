/**
 * Measures how fast networks train: Shapewright on WebAssembly in one and two threads and on tfjs-node, against
 * `model.fit` of tfjs-node, stock TensorFlow.js on its cpu backend, Keras and PyTorch, if installed (bench/README.md).
 *
 *     npm run bench -- train [--nets mlp,lstm] [--contestants native,Keras] [--rounds 7] [--python python3] [--before FOLDER] [--write]
 *
 * `--before` adds our engines of another checkout. `--write` writes docs/measurements/training-speed.md and
 * .json, and the summary in README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { contestantsOf, nets } from './train/contestants.ts'
import { netTable, summaryTable, type TrainingSpeed, trainingSpeedPage, withSummary } from './train/page.ts'
import { measureInTurn } from './train/rounds.ts'

export function benchTrain(): void {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      nets: { type: 'string', default: nets.map(({ name }) => name).join(',') },
      contestants: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      python: { type: 'string', default: 'python3' },
      before: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  })
  const chosen = nets.filter(({ name }) => values.nets.split(',').includes(name))
  // Names contain commas, so a list of names is separated by semicolons.
  const names = values.contestants?.split(';')
  const { python, before } = values
  const contestants = contestantsOf({ python, before }).filter(({ name }) => names?.includes(name) ?? true)
  const measured = chosen.map((net) => {
    const rounds = measureInTurn(net, contestants, Number(values.rounds))
    console.log(netTable(rounds))
    return rounds
  })
  const speed = { ...describeMachine(), nets: measured }
  console.log(summaryTable(speed))
  if (!values.write) return
  const text = JSON.stringify(speed, fourDigits)
  const rounded = JSON.parse(text) as TrainingSpeed
  writeFileSync('docs/measurements/training-speed.json', `${text}\n`)
  writeFileSync('docs/measurements/training-speed.md', trainingSpeedPage(rounded))
  writeFileSync('README.md', withSummary(readFileSync('README.md', 'utf8'), rounded))
}

function describeMachine(): Omit<TrainingSpeed, 'nets'> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  return {
    version,
    node: process.version,
    machine: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: availableParallelism(),
    date: new Date().toISOString().slice(0, 10),
  }
}

/** Rounds numbers to four digits, which is more than repeated runs agree in. */
function fourDigits(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}
