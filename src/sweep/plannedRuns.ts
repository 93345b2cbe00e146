/** Checks the objective and the stopping of a sweep against the runs that its trials plan. */
import type { Composition } from '../compose/composition.ts'
import { originInside } from '../compose/origins.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { plannedRunOf } from '../graph/plannedRun.ts'
import type { LogName } from '../language/callbackDef.ts'
import { suggestWord } from '../validation/suggestWord.ts'
import type { AnalyzedSpec } from './analyzedSpec.ts'
import type { SweepDefinition } from './definition.ts'
import { defaultObjective } from './objective.ts'
import type { Objective } from './trial.ts'

export class PlannedRuns {
  private readonly definition: SweepDefinition
  /** The objective, if the sweep states none: that of the first trial. */
  private byDefault: Objective | undefined
  private runs = 0
  /** The number of trials without the metric of the objective, and the logs of the first of them. */
  private lacking = 0
  private logs: readonly LogName[] = []
  /** The number of trials that end before the first rung, and the fewest epochs of a trial. */
  private short = 0
  private fewestEpochs = Infinity
  private isWrongWay = false

  constructor(definition: SweepDefinition) {
    this.definition = definition
  }

  /** Whether no trial has the metric of the objective. */
  get isWithoutMetric(): boolean {
    return this.lacking > 0 && this.lacking === this.runs
  }

  /** Returns why a trial cannot be compared with the others, or undefined. */
  check({ spec, shaped }: AnalyzedSpec): string | undefined {
    const { objective, stopping } = this.definition
    const { logs, epochs } = plannedRunOf(spec, shaped.outputs)
    this.runs += 1
    this.byDefault ??= defaultObjective(logs)
    if (stopping !== undefined && epochs <= stopping.minEpochs) this.short += 1
    this.fewestEpochs = Math.min(this.fewestEpochs, epochs)
    if (objective === undefined || spec.loss === undefined) return undefined
    const log = logs.find(({ name }) => name === objective.metric)
    if (log !== undefined) {
      if (log.mode === 'min' && objective.direction === 'maximize') this.isWrongWay = true
      if (log.mode === 'max' && objective.direction === 'minimize') this.isWrongWay = true
      return undefined
    }
    if (this.lacking === 0) this.logs = logs
    this.lacking += 1
    return `its logs do not contain \`${objective.metric}\` (sweep/unknown-metric)`
  }

  /** @param base The base, whose logs decide if no trial can be trained. */
  objectiveOf(base: AnalyzedSpec): Objective {
    const { metric, direction } =
      this.definition.objective ?? this.byDefault ?? defaultObjective(plannedRunOf(base.spec, base.shaped.outputs).logs)
    return { metric, direction }
  }

  report(context: Composition, total: number): void {
    const { objective, stopping } = this.definition
    if (objective !== undefined && this.lacking > 0) this.reportMetric(context, objective, total)
    if (objective !== undefined && this.isWrongWay) {
      const { metric, direction } = objective
      const [other, better] = direction === 'maximize' ? ['minimize', 'lower'] : ['maximize', 'higher']
      context.report(
        'sweep/wrong-direction',
        objective.origin,
        `this sweep ${direction}s \`${metric}\`, but ${better} values are better`,
        {
          atKey: true,
          help: `write \`objective: { ${other}: ${metric} }\``,
          fixes: [
            {
              kind: 'suggestion',
              title: `replace \`${direction}\` with \`${other}\``,
              edits: [{ span: objective.origin.written.locateKey(objective.origin.path), newText: other! }],
            },
          ],
        },
      )
    }
    if (stopping !== undefined && this.short > 0) {
      const { minEpochs, origin } = stopping
      const share = this.short === this.runs ? '' : ` (in ${formatCount(this.short)} of ${formatCount(total)} trials)`
      const place = originInside(origin, 'minEpochs')
      const message = `the first rung ends after ${minEpochs} of ${this.fewestEpochs} epochs, so nothing is left to stop${share}`
      context.report('sweep/bad-stopping', place, message, {
        help: '`minEpochs` must be less than `training.epochs` of every trial',
      })
    }
  }

  private reportMetric(
    context: Composition,
    { metric, origin }: NonNullable<SweepDefinition['objective']>,
    total: number,
  ): void {
    const names = this.logs.map(({ name }) => name)
    const isValidation = names.some((name) => `val_${name}` === metric)
    const { word } = suggestWord(metric, names)
    const share = this.isWithoutMetric ? '' : ` (in ${formatCount(this.lacking)} of ${formatCount(total)} trials)`
    const message = isValidation
      ? `the objective is \`${metric}\`, but there are no validation samples${share}`
      : `the objective is \`${metric}\`, which the logs do not contain${share}`
    const guess = word === undefined ? `the logs contain ${listWords(names, 'and')}` : `did you mean \`${word}\`?`
    const edits = [{ span: origin.written.locateValue(origin.path), newText: word ?? '' }]
    context.report('sweep/unknown-metric', origin, message, {
      help: isValidation ? 'set `validationSplit: 0.1` in `training`' : guess,
      severity: this.isWithoutMetric ? 'error' : 'warning',
      fixes:
        word === undefined || isValidation
          ? []
          : [{ kind: 'suggestion', title: `replace \`${metric}\` with \`${word}\``, edits }],
    })
  }
}
