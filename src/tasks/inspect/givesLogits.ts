/** Whether an output gives logits instead of probabilities, according to the options of its loss. */ import type { Expression } from '../../language/expression.ts'
import type { Program } from '../../program/program.ts'

export function givesLogits({ experiment }: Program, output: string): boolean {
  const loss = experiment?.loss
  const own = loss?.kind === 'record' ? fieldOf(loss, output) : loss
  const options = own?.kind === 'call' ? own.args[0] : undefined
  const flag = options && fieldOf(options, 'fromLogits')
  return flag?.kind === 'literal' && flag.value === true
}

function fieldOf(expression: Expression, name: string): Expression | undefined {
  if (expression.kind !== 'record') return undefined
  return expression.fields.find(([key]) => key === name)?.[1]
}
