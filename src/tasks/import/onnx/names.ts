/** Names of layers, made of what an ONNX file calls its nodes and arrays, as far as the language accepts them. */
import { isInput } from '../../../parts/layers/table.ts'
import type { OnnxNode } from './decodeModel.ts'

/** Scopes of TensorFlow inside of a layer. */
const innerScopes: ReadonlySet<string> = new Set(['batchnorm', 'moments', 'conv_transpose', 'Repeat'])

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
  const scopes = parts
    .slice(0, -1)
    .filter((part, index, all) => !innerScopes.has(part) && !all[index + 1]?.startsWith(`${part}.`))
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
  const hinted = hints.filter(({ type, hint }) => hint.length > 0 && !isInput(type)).map(({ hint }) => hint)
  let skipped = 0
  // Exporters put the scope of the network around all names.
  while (
    hinted.length > 1 &&
    hinted.every((hint) => hint.length > skipped + 1 && hint[skipped] === hinted[0]![skipped])
  ) {
    skipped += 1
  }
  // Keras numbers all layers of a network that it exports: cnn_1/first_1, cnn_1/second_1.
  const areNumbered = skipped > 0 && hinted.every((hint) => hint[skipped]!.endsWith('_1'))
  const taken = new Set<string>()
  return hints.map(({ hint, type }) => {
    const parts = isInput(type) ? hint : hint.slice(skipped)
    const first = areNumbered && !isInput(type) ? parts[0]?.replace(/_1$/, '') : parts[0]
    const text = [first, ...parts.slice(1)].join('_').slice(0, longest)
    const stem = first === undefined ? type : /^[A-Za-z]/.test(first) ? text : `layer_${text}`
    let name = stem
    for (let count = 1; taken.has(name); count += 1) name = `${stem}_${count}`
    taken.add(name)
    return name
  })
}
