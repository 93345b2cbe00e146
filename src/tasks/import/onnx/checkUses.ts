/** Refuses operators that take a tensor which stands for something else than the output of its layer. */
import { refuse } from './refusal.ts'
import { isValue, type Operand, type Value } from './values.ts'

interface Rule {
  readonly applies: (value: Value) => boolean
  /** The operators that may take such a tensor. */
  readonly operators: ReadonlySet<string>
  readonly message: string
}

const rules: readonly Rule[] = [
  {
    applies: ({ isSplit }) => isSplit === true,
    // They keep the directions of a recurrent layer together, or take one of them.
    operators: new Set(['Transpose', 'Reshape', 'Flatten', 'Gather', 'Shape']),
    message: 'it takes the two directions of a recurrent layer apart',
  },
  {
    applies: ({ unitAxis }) => unitAxis !== undefined,
    // They are between vectors of length 1 and their products.
    operators: new Set(['Transpose', 'Unsqueeze', 'MatMul']),
    message: 'it takes vectors of length 1 for something else than products of them',
  },
  {
    applies: ({ stretched }) => stretched !== undefined,
    // They stretch tensors themselves.
    operators: new Set(['Add', 'Mul', 'Max', 'Min', 'Sum', 'Mean']),
    message: 'it takes a tensor that is stretched along an axis, for which there is no layer',
  },
]

/** @throws Refusal if an operator does not take one of its inputs. */
export function checkUses(operator: string, inputs: readonly (Operand | undefined)[]): void {
  for (const { applies, operators, message } of rules) {
    if (!operators.has(operator) && inputs.some((input) => isValue(input) && applies(input))) refuse(message)
  }
}
