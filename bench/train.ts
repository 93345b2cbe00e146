/**
 * Measures how fast networks train: Shapewright on WebAssembly in one and two threads and on tfjs-node, against
 * `model.fit` of tfjs-node, stock TensorFlow.js on its cpu backend, Keras and PyTorch, if installed (bench/README.md).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { readOptions, refuseArguments } from '../scripts/options.ts'
import { contestantsOf, nets } from './train/contestants.ts'
import { netTable, summaryTable, type TrainingSpeed, trainingSpeedPage, withSummary } from './train/page.ts'
import { measureInTurn } from './train/rounds.ts'

const command = 'bench -- train'

export function benchTrain(): void {
  const { values } = readOptions({
    command,
    args: process.argv.slice(3),
    about: 'Measures how fast networks train, against Keras, PyTorch and TensorFlow.js (bench/README.md).',
    options: {
      nets: { kind: 'text', value: 'NAME,…', default: nets.map(({ name }) => name).join(','), help: 'the networks' },
      contestants: { kind: 'text', value: "'NAME;…'", help: 'measures only these' },
      rounds: { kind: 'number', value: 'N', default: 7, help: 'how often all are measured in turn' },
      python: { kind: 'text', value: 'PATH', default: 'python3', help: 'a Python with Keras and PyTorch' },
      before: { kind: 'text', value: 'FOLDER', help: 'adds our engines of another checkout' },
      write: {
        kind: 'flag',
        help: 'writes docs/measurements/training-speed.md and .json, and the summary in README.md',
      },
    },
  })
  const { python, before } = values
  const chosen = pick(nets, values.nets.split(','))
  // Names contain commas, so a list of names is separated by semicolons.
  const contestants = pick(contestantsOf({ python, before }), values.contestants?.split(';'))
  const measured = chosen.map((net) => {
    const rounds = measureInTurn(net, contestants, values.rounds)
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

/** Returns those with the names, all without names. Ends the program for a name that none has. */
function pick<T extends { readonly name: string }>(all: readonly T[], names = all.map(({ name }) => name)): T[] {
  const unknown = names.find((wanted) => !all.some(({ name }) => name === wanted))
  if (unknown !== undefined)
    refuseArguments(command, `'${unknown}' is not one of ${all.map(({ name }) => name).join('; ')}.`)
  return all.filter(({ name }) => names.includes(name))
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
