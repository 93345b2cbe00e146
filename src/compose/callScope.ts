/** Binds the parameters of a block to the arguments of a call. */
import { listWords } from '../diagnostics/didYouMean.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { callKeys, checkKeys, type Block } from './blocks.ts'
import type { Composition } from './composition.ts'
import { expandValue } from './expandValue.ts'
import { unknown } from './expressions/evaluate.ts'
import type { LayerItem } from './layerItems.ts'
import { changed } from './layerReferences.ts'
import type { Use } from './origins.ts'
import type { Binding, Scope } from './scope.ts'
import { bindLater } from './variables.ts'

/** Reports arguments without a parameter, and missing ones. */
export function bindArguments(context: Composition, item: LayerItem, block: Block, globals: Scope, use: Use): Scope {
  const { options, optionsOrigin } = item
  const owner = `the block \`${block.name}\``
  const known = [...block.params.keys(), ...callKeys]
  const intended = checkKeys(context, options, optionsOrigin, owner, known, use.outer)
  const bindings = new Map<string, Binding>()
  const scope: Scope = { outer: globals, bindings, use }
  const missing: string[] = []
  for (const [name, { byDefault, origin }] of block.params) {
    if (Object.hasOwn(options, name)) bindings.set(name, { resolve: () => item.expand(name) })
    else if (byDefault === null) {
      missing.push(name)
      bindings.set(name, { resolve: () => changed(unknown, origin) })
    } else {
      const compute = () => expandValue(context, byDefault, origin, scope)
      bindings.set(name, bindLater(context, name, origin, compute))
    }
  }
  const needed = missing.filter((name) => !intended.has(name))
  if (needed.length > 0) {
    const message = `\`${block.name}\` requires ${listWords(needed, 'and')}`
    const example = needed.map((name) => `${name}: …`).join(', ')
    const help = `add ${needed.length === 1 ? 'it' : 'them'}: \`${block.name}: { ${example} }\``
    context.report('schema/missing-key', optionsOrigin, message, { use: use.outer, atKey: true, help })
  }
  checkTrainable(context, item, use.outer)
  return scope
}

function checkTrainable(context: Composition, item: LayerItem, use: Use | undefined): void {
  if (!Object.hasOwn(item.options, 'trainable')) return
  const { value, origin } = item.expand('trainable')
  if (typeof value === 'boolean' || value === unknown) return
  context.report('schema/wrong-type', origin, wrongType('`trainable`', value, ['boolean']), {
    use,
    help: 'with `trainable: false`, training does not change the layers of this call',
  })
}

/** The scope of a block without a call: its parameters have their defaults, or are unknown. */
export function bindDefaults(context: Composition, { params }: Block, globals: Scope): Scope {
  const bindings = new Map<string, Binding>()
  const scope: Scope = { outer: globals, bindings }
  for (const [name, { byDefault, origin }] of params) {
    const compute = () =>
      byDefault === null ? changed(unknown, origin) : expandValue(context, byDefault, origin, scope)
    bindings.set(name, bindLater(context, name, origin, compute))
  }
  return scope
}
