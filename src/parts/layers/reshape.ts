/** Gives the values of a sample another shape. */
import * as Type from 'typebox'
import { reshapeMismatch, unknownSize, severalUnknown } from '../../diagnostics/shapeMessages.ts'
import { floorDivide, formatShape, isKnown, productOf, sameShape, type Dim, type Shape } from '../../language/dims.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { defineLayer, ok, problem, type Result } from '../../language/layerDef.ts'
import { fieldsOf } from '../../language/schema.ts'

type Target = readonly (number | null)[]

const size = { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'integer', const: -1 }, { type: 'null' }] }

const schema = fieldsOf(
  {
    targetShape: Type.Unsafe<Target>({
      description:
        'The new shape, without the batch. One size may be -1 or null; it is inferred from the number of values.',
      examples: [[28, 28, 1], [-1]],
      type: 'array',
      items: size,
      minItems: 1,
      maxItems: 6,
    }),
  },
  'The values of a sample in another shape, in the same order.',
)

function isOpen(target: number | null): boolean {
  return target === null || target < 0
}

/** The output shape: `target` with its open size computed from `input`, or the problem that it does not fit. */
function fill(target: Target, input: Shape): Result<Shape> {
  const values = productOf(input)
  const stated = target.reduce<number>((product, one) => (isOpen(one) ? product : product * one!), 1)
  const open = target.findIndex(isOpen)
  if (target.filter(isOpen).length > 1) return problem({ ...severalUnknown('targetShape'), option: 'targetShape' })
  if (open < 0 && !isKnown(values)) {
    const what = 'the number of values (or have one size of `targetShape` at -1)'
    return problem({
      ...unknownSize({ layer: 'reshape', what, input: formatShape(input) }),
      option: 'targetShape',
      suggestions: [{ kind: 'set', option: 'targetShape', value: [-1, ...target.slice(1)] }],
    })
  }
  const fits = !isKnown(values) || (open < 0 ? values === stated : values % stated === 0)
  if (!fits) {
    const written = target.map((one) => (isOpen(one) ? '?' : String(one))).join('x')
    const facts = { input: formatShape(input), values, target: written, stated, open: open >= 0 }
    const repaired = repair(target, values)
    return problem({
      ...reshapeMismatch(facts),
      option: 'targetShape',
      suggestions: repaired ? [{ kind: 'set', option: 'targetShape', value: repaired }] : [],
    })
  }
  return ok(target.map((one): Dim => (isOpen(one) ? floorDivide(values, stated) : one!)))
}

/** The target with one size changed so that it fits, if there is exactly one such change. */
function repair(target: Target, values: number): number[] | undefined {
  if (target.some(isOpen)) return undefined
  const sizes = target as readonly number[]
  const product = sizes.reduce((all, one) => all * one, 1)
  const fixes = sizes.flatMap((one, axis) => {
    const rest = product / one
    return values % rest === 0 && one > 1 ? [sizes.with(axis, values / rest)] : []
  })
  return fixes.length === 1 ? fixes[0] : undefined
}

export const reshape = defineLayer({
  exampleInput: [784],
  aliases: {
    near: ['view', 'Unflatten', 'nn.Unflatten'],
    options: { targetShape: { same: ['output_shape'], near: ['newshape', 'shape', 'dims'] } },
  },
  role: 'rearranging',
  schema,
  noOpReason: (_options, [input], output) =>
    sameShape(input, output) ? 'its input already has that shape' : undefined,
  shape: ({ targetShape }, [input]) => fill(targetShape, input),
  weights: () => [],
  flops: () => 0,
  inputsAgreeIn: () => 'elementCount',
  /** The engine does not compute a size of -1 while the batch is unknown, so the computed size is passed to it. */
  lower: (_options, { output }) =>
    layerCall('reshape', { targetShape: output.map((one) => (isKnown(one) ? one : null)) }),
})
