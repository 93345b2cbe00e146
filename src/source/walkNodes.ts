/** Visits the nodes of a document in the order of its text, without recursion, since a text may nest arbitrarily deep. */
import { isMap, isSeq, type Node } from 'yaml'

export function walkNodes(root: Node | null, visit: (node: Node) => void): void {
  const stack: (Node | null | undefined)[] = [root]
  while (stack.length > 0) {
    const node = stack.pop()
    if (node === null || node === undefined) continue
    visit(node)
    if (isMap(node)) {
      for (let index = node.items.length - 1; index >= 0; index -= 1) {
        const { key, value } = node.items[index]!
        stack.push(value as Node | null, key as Node | null)
      }
    } else if (isSeq(node)) {
      for (let index = node.items.length - 1; index >= 0; index -= 1) stack.push(node.items[index] as Node)
    }
  }
}
