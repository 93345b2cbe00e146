/** The condition `where` of a sweep: `$(params <= 500000 and flops < 1e8)`, over the facts of a trial. */
import type { Composition } from '../compose/composition.ts'
import { spanInside } from '../compose/expandValue.ts'
import { evaluate, unknown } from '../compose/expressions/evaluate.ts'
import { ExpressionProblem } from '../compose/expressions/problem.ts'
import type { Expression } from '../compose/expressions/readExpression.ts'
import type { Placed } from '../compose/origins.ts'
import { listWords } from '../diagnostics/didYouMean.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { yamlText } from '../source/edits.ts'
import { withCommas } from '../source/splitTexts.ts'
import { suggestWord } from '../validation/suggestWord.ts'
import type { Condition } from './definition.ts'
import type { FactName, TrialFacts } from './trial.ts'

const factNames: readonly FactName[] = ['params', 'trainableParams', 'flops', 'memory', 'layers', 'outputSize']

const code = 'sweep/bad-condition'

/** Returns undefined after reporting a condition that cannot be read. */
export function readCondition(context: Composition, { value, origin }: Placed): Condition | undefined {
  const [, written] = (typeof value === 'string' && /^\$\(([^]*)\)$/.exec(value)) || []
  if (written === undefined) {
    const text = typeof value === 'string' ? value : ''
    const isBare = /^[\w\s.<>=!+*/%()-]+$/.test(text) && /[<>=]/.test(text)
    const edits = [{ span: origin.written.locateValue(origin.path), newText: yamlText(`$(${text})`) }]
    context.report(code, origin, `\`where\` must be an expression, but is ${showValue(value)}`, {
      help: 'for example `where: $(params <= 500000 and flops < 1e8)`',
      fixes: isBare ? [{ kind: 'suggestion', title: 'write it as an expression', edits }] : [],
    })
    return undefined
  }
  const text = withCommas(written)
  try {
    const expression = context.expressionOf(text)
    const names = namesIn(expression)
    const strange = names.find(({ name }) => !isFact(name))
    if (strange === undefined) return { text: text.trim(), expression, origin }
    const { word, help } = suggestWord(strange.name, factNames)
    const span = spanInside(origin, text, strange)
    context.report(code, origin, `there is no fact \`${strange.name}\``, {
      span,
      help: word === undefined ? `the facts of a trial are ${listWords(factNames, 'and')}` : help,
      fixes:
        word === undefined || span === undefined
          ? []
          : [{ kind: 'suggestion', title: `replace it with \`${word}\``, edits: [{ span, newText: word }] }],
    })
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error
    reportProblem(context, origin, text, error)
  }
  return undefined
}

function reportProblem(
  context: Composition,
  origin: Placed['origin'],
  text: string,
  { message, help, ...place }: ExpressionProblem,
): void {
  context.report(code, origin, message, { span: spanInside(origin, text, place), ...(help !== undefined && { help }) })
}

function isFact(name: string): name is FactName {
  return (factNames as readonly string[]).includes(name)
}

interface UsedFact {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** The names that an expression uses, also those that its evaluation may skip. */
function namesIn(one: Expression): UsedFact[] {
  switch (one.kind) {
    case 'literal':
      return []
    case 'name':
      return [one]
    case 'sign':
    case 'not':
      return namesIn(one.operand)
    case 'chain':
      return [one.first, ...one.rest.map(({ operand }) => operand)].flatMap(namesIn)
    case 'compare':
      return [one.left, one.right].flatMap(namesIn)
    case 'logic':
      return one.operands.flatMap(namesIn)
    case 'choice':
      return [one.condition, one.chosen, one.otherwise].flatMap(namesIn)
    case 'call':
      return one.values.flatMap(namesIn)
  }
}

/** Applies the condition of a sweep to its trials. */
export class ConditionCheck {
  private readonly condition: Condition | undefined
  private readonly unknownFacts = new Set<FactName>()
  private unknownCount = 0
  private problem: ExpressionProblem | undefined

  constructor(condition: Condition | undefined) {
    this.condition = condition
  }

  /** Returns why a trial is excluded, or undefined. A trial with unknown facts is kept. */
  exclude(facts: TrialFacts): string | undefined {
    if (this.condition === undefined || this.problem !== undefined) return undefined
    const { expression, text } = this.condition
    try {
      const holds = evaluate(expression, (name) => facts[name as FactName] ?? unknown)
      if (holds === false) return describe(expression, text, facts)
      if (typeof holds === 'number' || typeof holds === 'string') {
        const message = `a condition is true or false, but this is ${showValue(holds)}`
        this.problem = new ExpressionProblem(message, 0, text.length)
      }
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error
      this.problem = error
    }
    return undefined
  }

  /** Counts a trial that can be trained, if the condition depends on a fact that is unknown. */
  countUnknown(facts: TrialFacts): void {
    if (this.condition === undefined) return
    const missing = namesIn(this.condition.expression).filter(({ name }) => facts[name as FactName] === null)
    if (missing.length > 0) this.unknownCount += 1
    for (const { name } of missing) this.unknownFacts.add(name as FactName)
  }

  report(context: Composition, total: number): void {
    if (this.condition === undefined) return
    const { origin, text } = this.condition
    if (this.problem !== undefined) reportProblem(context, origin, text, this.problem)
    if (this.unknownCount === 0) return
    const names = listWords([...this.unknownFacts], 'and')
    const verb = this.unknownFacts.size === 1 ? 'is' : 'are'
    const share = `${formatCount(this.unknownCount)} of ${formatCount(total)} trials`
    context.report('sweep/unknown-fact', origin, `${names} ${verb} unknown for ${share}, which are kept`, {
      help: 'a size of `null` is known only at run time; give it, or leave the fact out of `where`',
    })
  }
}

/** The condition with its numbers: `params <= 500000 (params is 820,874)`. */
function describe(expression: Expression, text: string, facts: TrialFacts): string {
  const names = [...new Set(namesIn(expression).map(({ name }) => name as FactName))]
  const values = names.map((name) => `${name} is ${formatCount(facts[name] ?? 0)}`)
  return values.length === 0 ? text : `${text} (${values.join(', ')})`
}
