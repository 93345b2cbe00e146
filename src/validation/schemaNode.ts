/** Walks the composed schema along a path of the document, so a message can name the keys that are allowed there. */
import type { Path } from '../diagnostics/diagnostic.ts'

export interface SchemaNode {
  readonly $ref?: string
  readonly type?: string
  readonly minItems?: number
  readonly maxItems?: number
  readonly anyOf?: readonly SchemaNode[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly additionalProperties?: boolean | SchemaNode
  readonly required?: readonly string[]
  readonly exclusiveMaximum?: number
  readonly maxProperties?: number
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly definitions?: Readonly<Record<string, SchemaNode>>
}

/** Finds the schema of the map or list at `path`. Follows references, and among alternatives takes those with keys or items. */
export function schemaAt(root: SchemaNode, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = structured(root, root)
  for (const step of path) {
    node = structured(root, typeof step === 'number' ? node?.items : (node?.properties?.[step] ?? anyKey(node)))
    if (node === undefined) return undefined
  }
  return node
}

function structured(root: SchemaNode, node: SchemaNode | undefined): SchemaNode | undefined {
  if (node?.$ref !== undefined) return structured(root, root.definitions?.[node.$ref.split('/').at(-1) ?? ''])
  if (node?.anyOf === undefined) return node
  const alternatives = node.anyOf.map((alternative) => structured(root, alternative))
  const map = alternatives.find((one) => one?.properties !== undefined)
  const list = alternatives.find((one) => one?.items !== undefined)
  const open = alternatives.find((one) => anyKey(one) !== undefined)
  if (map === undefined && list === undefined && open === undefined) return node
  const others = { ...(list?.items && { items: list.items }), ...(open && { additionalProperties: anyKey(open)! }) }
  return { ...open, ...list, ...map, ...others }
}

/** The types of the values that a schema allows; undefined if it does not limit them. */
export function kindsOf(root: SchemaNode, node: SchemaNode | undefined): readonly string[] | undefined {
  if (node?.$ref !== undefined) return kindsOf(root, root.definitions?.[node.$ref.split('/').at(-1) ?? ''])
  if (node?.anyOf === undefined) return node?.type === undefined ? undefined : [node.type]
  const kinds = node.anyOf.map((alternative) => kindsOf(root, alternative))
  return kinds.includes(undefined) ? undefined : kinds.flatMap((one) => one ?? [])
}

/** The schema of values under keys that the spec chooses, such as the names of outputs. */
function anyKey(node: SchemaNode | undefined): SchemaNode | undefined {
  return typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined
}
