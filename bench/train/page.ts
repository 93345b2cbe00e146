/** Writes the results of the training benchmark as Markdown: a table for each net, and the summary of README. */
import { median } from '../processes.ts'
import { rivals } from './contestants.ts'
import { type Measurement } from './measurement.ts'
import { type NetRounds } from './rounds.ts'

/** What a full run measured: the content of docs/measurements/training-speed.json. */
export interface TrainingSpeed {
  readonly version: string
  readonly node: string
  readonly machine: string
  readonly cores: number
  readonly date: string
  readonly nets: readonly NetRounds[]
}

type Rounds = readonly (Measurement | undefined)[]

/** Formats the table of one net: rates with their spread, processor time, start, memory and the ratio to each rival. */
export function netTable({ net, load, contestants }: NetRounds): string {
  const head = [
    '',
    'images/s',
    'least to most',
    'CPU ms an image',
    'first 20 steps',
    'memory',
    ...rivals.map((name) => `of ${name}`),
  ]
  const rows = contestants.map(({ name, setting, rounds }) => {
    const label = setting === '' ? name : `${name} (${setting})`
    const rates = numbersOf(rounds, 'imagesPerSecond')
    if (rates.length === 0) return [label, 'does not run here', ...head.slice(2).map(() => '')]
    return [
      label,
      formatRate(median(rates)),
      `${formatRate(Math.min(...rates))} to ${formatRate(Math.max(...rates))}`,
      formatKnown(rounds, 'cpuSecondsPerImage', (value) => (value * 1000).toFixed(2)),
      formatKnown(rounds, 'firstPassSeconds', (value) => `${value.toFixed(1)} s`),
      formatKnown(rounds, 'peakMegabytes', (value) => `${value.toFixed(0)} MB`),
      ...rivals.map((rival) => formatRatio(rounds, roundsOf(contestants, rival))),
    ]
  })
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  const loads = load.map((value) => value.toFixed(1)).join(', ')
  return `### ${net.name}, batch ${net.batchSize}\n\n${lines.join('\n')}\n\nLoad of the machine before each round: ${loads}.\n`
}

/** Formats the summary of README: a row for each net, the median rate of each of our engines beside the rivals. */
export function summaryTable({ nets }: TrainingSpeed): string {
  const engines = ['native', 'wasm, 2 threads']
  const head = [
    'network, batch',
    ...[...engines, ...rivals].map((name) => `${name}, images/s`),
    ...rivals.map((name) => `native of ${name}`),
  ]
  const rows = nets.map(({ net, contestants }) => {
    const rates = [...engines, ...rivals].map(
      (name) => formatKnown(roundsOf(contestants, name), 'imagesPerSecond', formatRate) || 'not run',
    )
    return [
      `${net.name}, ${net.batchSize}`,
      ...rates,
      ...rivals.map((rival) => formatRatio(roundsOf(contestants, 'native'), roundsOf(contestants, rival))),
    ]
  })
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const summaryStart = '<!-- training speed: npm run bench -- train --write -->'
const summaryEnd = '<!-- end of training speed -->'

/** Replaces the summary in README by that of a run. */
export function withSummary(readme: string, speed: TrainingSpeed): string {
  const [before = '', rest = ''] = readme.split(summaryStart)
  const [, after = ''] = rest.split(summaryEnd)
  return `${before}${summaryStart}\n\n${summaryTable(speed)}\n\n${summaryEnd}${after}`
}

/** Formats the whole page. */
export function trainingSpeedPage(speed: TrainingSpeed): string {
  const rounds = Math.max(...speed.nets.map(({ load }) => load.length))
  return `# Training speed

\`npm run bench -- train --write\` writes this page and \`training-speed.json\`: the median of ${rounds} rounds, in which each contestant is a process of its own and all
take turns. All train on the same kind of noise in memory with all cores. In the first round Keras and PyTorch try several settings, and the fastest one competes. \`of Keras\` and
\`of PyTorch\` are the median, the least and the most of the ratios of each round. [bench/README.md](../../bench/README.md) describes the contestants, and how to install them.

Shapewright ${speed.version}, Node ${speed.node}, ${speed.cores} cores of ${speed.machine}, ${speed.date}.

${speed.nets.map(netTable).join('\n')}`
}

function roundsOf(contestants: NetRounds['contestants'], name: string): Rounds {
  return contestants.find((contestant) => contestant.name === name)?.rounds ?? []
}

function numbersOf(rounds: Rounds, key: keyof Measurement): number[] {
  return rounds.flatMap((round) => (round && Number.isFinite(round[key]) ? [round[key]] : []))
}

function formatKnown(rounds: Rounds, key: keyof Measurement, format: (value: number) => string): string {
  const values = numbersOf(rounds, key)
  return values.length === 0 ? '' : format(median(values))
}

/** Formats the ratios of the rounds that both finished: the median, and the least and the most. */
function formatRatio(rounds: Rounds, others: Rounds): string {
  const ratios = rounds.flatMap((round, index) => {
    const other = others[index]
    return round && other ? [round.imagesPerSecond / other.imagesPerSecond] : []
  })
  if (ratios.length === 0 || rounds === others) return ''
  return `${median(ratios).toFixed(2)}x (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`
}

function formatRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-US')
}
