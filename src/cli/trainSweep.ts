/** Trains the trials of a sweep folder, with a forecast before and a comparison with it after. */
import { formatSeconds } from '../report/run/numbers.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { calibrate } from '../tasks/sweep/calibrate.ts'
import { LocalExecutor } from '../tasks/sweep/executors/local.ts'
import { extremeTrials, forecast } from '../tasks/sweep/forecast.ts'
import { extendLedger } from '../tasks/sweep/ledger.ts'
import type { SweepState } from '../tasks/sweep/readSweep.ts'
import { runSweep } from '../tasks/sweep/runSweep.ts'
import { saveForecast } from '../tasks/sweep/sweepFiles.ts'
import type { TimeModel } from '../tasks/sweep/timeModel.ts'
import { commandOfUnit } from '../tasks/sweep/unitCommand.ts'
import type { SweepOptions } from './sweepOptions.ts'
import { rayExecutor } from './sweepOnCluster.ts'
import { SweepDisplay } from './sweepDisplay.ts'

/** @returns Whether the user interrupted it. */
export async function trainSweep(
  state: SweepState,
  options: SweepOptions,
  say: (line: string) => unknown,
): Promise<boolean> {
  const { folder, record, progress } = state
  const { parallel = 1, quiet } = options
  // Trials that failed before are tried again.
  const hasFailed = state.trials.some((trial) => trial.state === 'failed')
  if (!hasFailed && progress.units.every((unit) => unit.state === 'ended' || unit.state === 'void')) return false
  const local = options.executor === 'ray' ? undefined : new LocalExecutor()
  const executor = local ?? (await rayExecutor({ folder, name: record.name }, options))
  const interruption = listenForCtrlC(() => local?.kill())
  try {
    // Nobody reads a forecast with --quiet, and a cluster has other machines. A resumed sweep has measured its trials before.
    const isForecast = local !== undefined && quiet !== true
    const model = isForecast ? (record.forecast?.model ?? (await measure(state, interruption.signal))) : undefined
    const expected = model && forecast(record, parallel, model, progress)
    if (expected !== undefined) {
      if (record.forecast === undefined) await saveForecast(folder, { seconds: expected, parallel, model: model! })
      say(`forecast: ${formatSeconds(expected)}`)
    }
    const begun = performance.now()
    const display =
      quiet === true
        ? undefined
        : new SweepDisplay(process.stderr, { folder, record, secondsLeft: timer(state, parallel, model) })
    const run = { parallel, program: programOfThis(), signal: interruption.signal, interval: local ? 100 : 1000 }
    try {
      await runSweep(folder, executor, { ...run, ...(display && { listener: display }) })
    } finally {
      display?.stop()
    }
    const actual = (performance.now() - begun) / 1000
    if (interruption.signal.aborted) return true
    if (expected === undefined) say(`took ${formatSeconds(actual)}`)
    else {
      await extendLedger(folder, () => [{ event: 'forecast', seconds: expected, actual }])
      say(`forecast ${formatSeconds(expected)}, took ${formatSeconds(actual)}`)
    }
    return false
  } finally {
    interruption.stop()
  }
}

/** The command that starts this program again. */
export function programOfThis(): readonly string[] {
  return [process.execPath, process.argv[1] ?? '']
}

async function measure({ folder, record }: SweepState, signal: AbortSignal): Promise<TimeModel | undefined> {
  const extremes = extremeTrials(record.trials)
  if (extremes.length === 0) return undefined
  const program = programOfThis()
  const trials = extremes.map(({ number, facts, epochs }) => {
    const { command } = commandOfUnit(folder, record, { unit: 0, trial: number, epochs }, program)
    return { spec: command[program.length + 1]!, flops: facts.flops ?? 0 }
  })
  const { backend, threads } = record.options
  const options = ['--backend', backend, ...(threads === undefined ? [] : ['--threads', `${threads}`])]
  return await calibrate(trials, { program, options, signal })
}

/** Forecasts the time left, corrected by how long the trials so far have taken. */
function timer({ record }: SweepState, parallel: number, model: TimeModel | undefined) {
  return (progress: SweepState['progress']) => model && forecast(record, parallel, model, progress)
}

/** The first Ctrl-C, SIGTERM or SIGHUP aborts the signal; the second one ends everything at once. */
function listenForCtrlC(kill: () => void): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const interrupt = () => {
    if (controller.signal.aborted) {
      kill()
      process.exit(exitCodes.interrupted)
    }
    process.stderr.write('interrupted: running trials save checkpoints; Ctrl-C again ends them at once\n')
    controller.abort()
  }
  for (const name of names) process.on(name, interrupt)
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of names) process.removeListener(name, interrupt)
    },
  }
}
