/** Names of layers, made of what an ONNX file calls its nodes and arrays, as far as the language accepts them. */
import type { OnnxNode } from './decodeModel.ts'

/** The scopes that exporters put around a whole network. */
const wrapper =
  /^(StatefulPartitionedCall|PartitionedCall|jax2tf_.*|main_graph|(model|functional|sequential|module|network)(_\d+)?)$/

const longest = 120

/** The parts of the name of a node, from the outermost scope: those of its module, without its operator. */
export function hintOf(node: OnnxNode, isStored: (tensor: string) => boolean): readonly string[] {
  const ofArray = node.inputs
    .slice(1)
    .flatMap((input) => (isStored(input) ? (/^(.+)\.(weight|kernel)$/.exec(input)?.[1] ?? []) : []))
  if (ofArray.length > 0) return partsOf(ofArray[0]!)
  const name = node.name || (node.outputs[0] ?? '')
  const parts = name
    .replace(/^node_/, '')
    .split('/')
    .filter(Boolean)
  if (parts.length < 2) return isOperator(parts[0] ?? '', node) ? [] : partsOf(parts[0] ?? '')
  // PyTorch repeats the outer module: layer1/layer1.0.
  const scopes = parts.slice(0, -1).filter((part, index, all) => !all[index + 1]?.startsWith(`${part}.`))
  return scopes.flatMap(partsOf)
}

/** Whether a name only repeats the operator: `Conv_3`. */
function isOperator(name: string, { operator }: OnnxNode): boolean {
  return name.replace(/_\d+$/, '').toLowerCase() === operator.toLowerCase() || /^[\d_]*$/.test(name)
}

function partsOf(text: string): string[] {
  return text.split(/[./:]/).flatMap((part) => part.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replace(/^[_-]+/, '') || [])
}

/** Returns a name for each hint: unique, and one that the language accepts. */
export function nameAll(hints: readonly { readonly hint: readonly string[]; readonly type: string }[]): string[] {
  let skipped = 0
  const hinted = hints.map(({ hint }) => hint).filter((hint) => hint.length > 0)
  const sharesWrapper = (depth: number) => {
    const first = hinted[0]?.[depth]
    return (
      first !== undefined &&
      wrapper.test(first) &&
      hinted.every((hint) => hint.length > depth + 1 && hint[depth] === first)
    )
  }
  while (sharesWrapper(skipped)) skipped += 1
  const taken = new Set<string>()
  return hints.map(({ hint, type }) => {
    const parts = hint.slice(Math.min(skipped, Math.max(hint.length - 1, 0)))
    const [first] = parts
    const text = parts.join('_').slice(0, longest)
    const stem = first === undefined ? type : /^[A-Za-z]/.test(first) ? text : `layer_${text}`
    let name = stem
    for (let count = 1; taken.has(name); count += 1) name = `${stem}_${count}`
    taken.add(name)
    return name
  })
}
