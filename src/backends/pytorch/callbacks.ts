/** The callbacks of the language in the loop of a PyTorch script. */
import type { PlannedRun } from '../../language/callbackDef.ts'
import { lookUp, type Choice } from '../../language/schema.ts'
import { decideMode } from '../../parts/callbacks/monitor.ts'
import { printFloat, quotePython } from '../python/printLiteral.ts'
import { printCall } from './expression.ts'

/** Lines of the training loop, without their indentation. */
export interface CallbackForm {
  readonly before?: readonly string[]
  /** After each step of `run_epoch`, from `loss` and `model`. */
  readonly step?: readonly string[]
  /** After each epoch, from `epoch`, `logs` and `optimizer`. */
  readonly epoch?: readonly string[]
  readonly after?: readonly string[]
  /** A factor of the learning rate. */
  readonly rateFactor?: string
}

type Options = Readonly<Record<string, unknown>>
type PrintCallback = (options: Options, run: PlannedRun) => CallbackForm

function watched(options: Options, run: PlannedRun): readonly string[] {
  const { monitor, mode } = options as { monitor: string; mode: 'auto' | 'min' | 'max' }
  return [quotePython(monitor), `"${decideMode({ monitor, mode }, run)}"`]
}

const unless = (value: unknown, byDefault: number) =>
  value === undefined || value === byDefault ? undefined : printFloat(Number(value))

export const callbackForms: Readonly<Record<string, PrintCallback>> = {
  earlyStopping(options, run) {
    const { patience, minDelta, baseline, restoreBestWeights } = options
    const create = printCall('EarlyStopping', [...watched(options, run), String(patience)], {
      min_delta: unless(minDelta, 0),
      baseline: baseline === undefined ? undefined : printFloat(Number(baseline)),
    })
    if (restoreBestWeights !== true)
      return { before: [`stopping = ${create}`], epoch: ['if stopping.observe(epoch, logs)[1]:', '    break'] }
    return {
      before: [`stopping = ${create}`, 'best = copy.deepcopy(model.state_dict())'],
      epoch: [
        'is_best, is_over = stopping.observe(epoch, logs)',
        'if is_best:',
        '    best = copy.deepcopy(model.state_dict())',
        'if is_over:',
        '    break',
      ],
      after: ['model.load_state_dict(best)'],
    }
  },
  reduceOnPlateau(options, run) {
    const { factor, patience, minDelta, cooldown, minLearningRate } = options
    const create = printCall('ReduceOnPlateau', watched(options, run), {
      factor: unless(factor, 0.1),
      patience: patience === 10 ? undefined : String(patience),
      min_delta: unless(minDelta, 0.0001),
      cooldown: cooldown === 0 ? undefined : String(cooldown),
      min_learning_rate: unless(minLearningRate, 0),
    })
    return {
      before: [`plateau = ${create}`],
      epoch: ['plateau.observe(logs, optimizer.param_groups[0]["lr"])'],
      rateFactor: 'plateau.rate_factor',
    }
  },
  checkpoint(options, run) {
    if (options['keep'] !== 'best') return {}
    const create = printCall('EarlyStopping', [...watched(options, run), String(run.epochs)])
    return {
      before: [`checkpoint = ${create}`],
      epoch: [
        'if checkpoint.observe(epoch, logs)[0] and RANK == 0:',
        '    torch.save(model.state_dict(), args.out / "best.pt")',
      ],
    }
  },
  csvLog({ separator }) {
    const own = separator === ',' ? '' : `, ${quotePython(String(separator))}`
    return {
      epoch: ['if RANK == 0:', `    append_csv(args.out / "metrics.csv", {"epoch": epoch, **logs}${own})`],
    }
  },
  // `compile` reports that scripts omit it.
  tensorBoard: () => ({}),
  terminateOnNaN: () => ({
    step: [
      'if not all(weight.isfinite().all() for weight in (loss, *model.parameters())):',
      '    return {"loss": math.nan}',
    ],
  }),
}

export function printCallbacks(callbacks: readonly Choice[], run: PlannedRun): readonly CallbackForm[] {
  return callbacks.map(({ type, options }) => lookUp(callbackForms, type)(options, run))
}
