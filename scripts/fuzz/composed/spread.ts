/**
 * Spreads a composed spec over several files and values of the command line, so that it means the same: a file extends the
 * next one, and overrides, removes or keeps what that says.
 */
import { dirname, relative } from 'node:path/posix'
import { yamlText } from '../../../src/source/edits.ts'
import type { RandomSource } from '../randomSource.ts'
import { blockText, itemText, type Call, type ComposedSpec, type Item, type Layer } from './tree.ts'

/** The texts of a spec and of the files that it extends, by their names, and the values of `--set`. */
export interface SpreadSpec {
  readonly files: Readonly<Record<string, string>>
  readonly settings: readonly string[]
}

export const specFile = 'fuzz.yaml'

type Options = Readonly<Record<string, unknown>>

/** Printed as `!remove`. */
const remove = 'REMOVED'

/** The names of files from the spec to its last parent. */
const names = [specFile, 'parent.yaml', 'lib/base.yaml', 'lib/deep/root.yaml', 'other/last.yaml']

/** Values that a file may give for what a file that extends it replaces. */
const decoys: readonly unknown[] = [7, 'linear', true, [3, 4], 'reLU', { leakyReLU: null }, '$(2 + 2)']

interface WrittenFile {
  readonly sections: Record<string, unknown>
  readonly vars: Record<string, unknown>
  readonly blocks: Record<string, unknown>
  readonly override: Record<string, unknown>
}

export function spreadComposed(spec: ComposedSpec, random: RandomSource): SpreadSpec {
  return new Spreading(random).spread(spec)
}

class Spreading {
  private readonly random: RandomSource
  private readonly files: WrittenFile[]
  private readonly settings: string[] = []

  constructor(random: RandomSource) {
    this.random = random
    const count = random.integer(2, names.length)
    this.files = Array.from({ length: count }, () => ({ sections: {}, vars: {}, blocks: {}, override: {} }))
  }

  spread({ shape, vars, blocks, items }: ComposedSpec): SpreadSpec {
    for (const [name, { text }] of vars) this.placeVariable(name, text)
    for (const block of blocks) {
      const decoy = { params: { width: 3 }, layers: [{ dense: { units: '$width' } }] }
      this.place(
        (file) => file.blocks,
        block.name,
        blockText(block),
        () => decoy,
      )
    }
    const sections = (file: WrittenFile) => file.sections
    this.place(sections, 'input', { shape }, () => ({ shape: [3, 3] }))
    this.place(
      sections,
      'layers',
      items.map((item) => this.itemText(item)),
      () => ['flatten', { dense: { units: 2 } }],
    )
    if (this.random.chance(0.3)) this.placeRemoved(sections, 'budget', { params: 1 })
    if (this.random.chance(0.3)) this.placeRemoved((file) => file.blocks, 'unused', { layers: ['flatten'] })
    if (this.random.chance(0.2)) this.settings.push('name=composed')
    for (const item of items) if (item.kind === 'call') this.overrideInside(item)
    const texts = this.files.map((file, index) => [names[index]!, this.print(file, index)] as const)
    return { files: Object.fromEntries(texts), settings: this.settings }
  }

  /** Gives a value to one file, and others to some of the files that it extends. */
  private place(
    sectionOf: (file: WrittenFile) => Record<string, unknown>,
    key: string,
    value: unknown,
    decoy: () => unknown,
  ): void {
    const level = this.random.integer(0, this.files.length - 1)
    for (const [index, file] of this.files.entries()) {
      if (index === level) sectionOf(file)[key] = value
      // A map of a section merges, so what replaces it must state the same keys.
      else if (index > level && this.random.chance(0.3)) sectionOf(file)[key] = decoy()
    }
  }

  /** Gives a value to a parent, which a file that extends it removes. */
  private placeRemoved(sectionOf: (file: WrittenFile) => Record<string, unknown>, key: string, value: unknown): void {
    const level = this.random.integer(1, this.files.length - 1)
    sectionOf(this.files[level]!)[key] = value
    sectionOf(this.files[this.random.integer(0, level - 1)]!)[key] = remove
  }

  private placeVariable(name: string, text: unknown): void {
    const decoy = () => this.random.pick(decoys)
    if (!this.random.chance(0.25)) return this.place((file) => file.vars, name, text, decoy)
    this.place((file) => file.vars, name, decoy(), decoy)
    this.settings.push(`vars.${name}=${yamlText(text)}`)
  }

  /** An item of the top level. Some options of a layer that is there for sure are written in `override` or `--set` instead. */
  private itemText(item: Item): unknown {
    const isThere = item.kind === 'layer' && item.name !== undefined && item.when === undefined
    if (!isThere || !this.random.chance(0.6)) return itemText(item)
    const { [item.type]: written } = itemText(item) as Readonly<Record<string, Options>>
    const changed: Record<string, unknown> = { ...written }
    for (const key of Object.keys(item.options)) {
      if (!this.random.chance(0.6)) continue
      this.overrideOption(item, key, changed[key])
      if (this.random.chance(0.4)) delete changed[key]
      else changed[key] = this.random.pick(decoys)
    }
    if (this.random.chance(0.2)) {
      changed['trainable'] = false
      this.overrideOption(item, 'trainable', remove)
    }
    return { [item.type]: changed }
  }

  private overrideOption({ name }: Layer, key: string, value: unknown): void {
    if (value !== remove && this.random.chance(0.3)) this.settings.push(`layers.${name}.${key}=${yamlText(value)}`)
    else {
      const { override } = this.random.pick(this.files)
      override[name!] = { ...(override[name!] as Options | undefined), [key]: value }
    }
  }

  /** Overrides an option of a layer inside a call by the value that it has. */
  private overrideInside({ name, when, block }: Call): void {
    const last = block.items.at(-1)!
    const isLastThere = last.kind === 'layer' && last.when === undefined
    if (name === undefined || when !== undefined || !isLastThere || !this.random.chance(0.5)) return
    const inner = block.items.slice(0, -1).find(({ kind, name: own, when: condition }) => {
      return kind === 'layer' && own !== undefined && condition === undefined
    }) as Layer | undefined
    const plain = Object.entries(inner?.options ?? {}).find(([, { text }]) => typeof text === 'number')
    if (inner === undefined || plain === undefined) return
    const { override } = this.random.pick(this.files)
    override[`${name}/${inner.name}`] = { [plain[0]]: plain[1].text }
  }

  private print({ sections, vars, blocks, override }: WrittenFile, index: number): string {
    const next = index + 1 < this.files.length ? names[index + 1] : undefined
    const isAbstract = index > 0 && this.random.chance(0.4)
    const head = {
      ...(next !== undefined && { extends: `./${relative(dirname(names[index]!), next)}` }),
      ...(isAbstract ? { abstract: true } : { name: index === 0 ? 'composed' : `parent-${index}` }),
      ...(this.random.chance(0.2) && { 'x-note': '$missing' }),
    }
    const { layers, ...others } = sections
    const maps = Object.entries({ vars, blocks, override }).filter(([, map]) => Object.keys(map).length > 0)
    const lines = Object.entries({ ...head, ...others }).map(([key, value]) => `${key}: ${printValue(value)}\n`)
    const entries = maps.map(([key, map]) => {
      const inner = Object.entries(map).map(([name, value]) => `  ${yamlText(name)}: ${printValue(value)}\n`)
      return `${key}:\n${inner.join('')}`
    })
    const list = Array.isArray(layers) ? `layers:\n${layers.map((item) => `  - ${printValue(item)}\n`).join('')}` : ''
    return [...lines, ...entries, list].join('')
  }
}

function printValue(value: unknown): string {
  return yamlText(value).replaceAll(remove, '!remove')
}
