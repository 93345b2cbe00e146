/** Prints the trials of a sweep before they are trained: their values, cost, epochs and states, for the terminal and as JSON. */
import Table from 'cli-table3'
import { countOf, formatBytes, formatCount, formatRange } from '../../diagnostics/formatCount.ts'
import { countStates, trialStates } from '../../sweep/countStates.ts'
import { describeTrial } from '../../sweep/describeTrial.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import type { Sweep, Trial, TrialState } from '../../sweep/trial.ts'

/** The largest number of trials in the table; JSON has all of them. */
const mostRows = 200
const narrowestLabel = 24
/** The width of all columns but the labels, with the space between them. */
const widthOfOthers = 56

/** @param width The width of the terminal in characters. Labels are cut to it. */
export function renderPlan({ name, objective, stopping, trials }: Sweep, width = 120): string {
  const longest = Math.max(narrowestLabel, width - widthOfOthers)
  const table = new Table({
    head: ['trial', 'values', 'params', 'memory', 'epochs', 'state'],
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['right', 'left', 'right', 'right', 'right', 'left'],
  })
  for (const { number, label, facts, epochs, state } of trials.slice(0, mostRows)) {
    const { params, memory } = facts
    table.push([
      `${number}`,
      cut(escapeInLine(label), longest),
      params === null ? '?' : formatCount(params),
      memory === null ? '?' : formatBytes(memory),
      `${epochs}`,
      state,
    ])
  }
  const hidden = trials.length - mostRows
  const rest = hidden > 0 ? [`… and ${formatCount(hidden)} more; --format json lists them`] : []
  const rungs =
    stopping && `${stopping.kind} from ${countOf(stopping.minEpochs, 'epoch')}, 1 of ${stopping.reduction} promoted`
  return [
    `Sweep: ${escapeInLine(name)}`,
    table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
    ...rest,
    '',
    ...totals(trials),
    `objective: ${objective.direction} ${escapeInLine(objective.metric)}`,
    ...(rungs === undefined ? [] : [`stopping: ${rungs}`]),
    ...reasons(trials),
    '',
  ].join('\n')
}

const borders = ['top', 'bottom', 'left', 'right'].flatMap((side) =>
  ['', '-mid', '-left', '-right'].map((part) => side + part),
)
const borderless = Object.fromEntries([...borders, 'mid', 'mid-mid', 'middle'].map((name) => [name, '']))

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function totals(trials: readonly Trial[]): string[] {
  const ready = trials.filter(({ state }) => state === 'ready')
  const epochs = ready.reduce((sum, trial) => sum + trial.epochs, 0)
  const params = formatRange(ready.map(({ facts }) => facts.params))
  const memory = formatRange(
    ready.map(({ facts }) => facts.memory),
    formatBytes,
  )
  return [
    countStates(trials),
    ...(ready.length === 0 ? [] : [`epochs: ${formatCount(epochs)} in all`]),
    ...(params === undefined ? [] : [`params: ${params}`]),
    ...(memory === undefined ? [] : [`memory of a step: ${memory}`]),
  ]
}

/** The reasons of the trials that are left out, each with the first of its trials. */
function reasons(trials: readonly Trial[]): string[] {
  const groups = new Map<string, { readonly state: TrialState; readonly first: number; count: number }>()
  for (const { number, state, reason } of trials) {
    if (reason === undefined) continue
    const group = groups.get(reason)
    if (group === undefined) groups.set(reason, { state, first: number, count: 1 })
    else group.count += 1
  }
  const listed = [...groups].slice(0, mostReasons).map(([reason, { state, first, count }]) => {
    const which = count === 1 ? `trial ${first}` : `trial ${first} and ${formatCount(count - 1)} more`
    return `  ${state}, ${which}: ${escapeInLine(reason)}`
  })
  const hidden = groups.size - listed.length
  return [
    ...(listed.length === 0 ? [] : ['left out:']),
    ...listed,
    ...(hidden > 0 ? [`  … and ${countOf(hidden, 'other reason')}`] : []),
  ]
}

const mostReasons = 20

/** The plan as data: a versioned format for other programs. */
export function describePlan({ name, parameters, objective, stopping, trials }: Sweep): object {
  const count = (state: TrialState) => trials.filter((trial) => trial.state === state).length
  const ready = trials.filter(({ state }) => state === 'ready')
  return {
    version: 1,
    name,
    parameters,
    objective,
    ...(stopping && { stopping }),
    counts: Object.fromEntries(trialStates.map((state) => [state, count(state)])),
    epochs: ready.reduce((sum, trial) => sum + trial.epochs, 0),
    trials: trials.map((trial) => ({ trial: trial.number, ...describeTrial(trial) })),
  }
}
