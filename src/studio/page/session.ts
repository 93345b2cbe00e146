/** The state of the page, as signals that views read: the open spec, what the checker proved about it, the selected layer, the view. */
import { computed, signal } from '@preact/signals'
import type { Backend } from '../backend.ts'
import type { SpecEntry } from '../protocol.ts'
import type { LayerFacts, NetworkFacts } from '../facts/networkFacts.ts'
import type { Checked, Shapes } from './worker/messages.ts'
import { keepChecked } from './keepChecked.ts'
import { messageOf } from './messageOf.ts'
import { Checker } from './worker/checker.ts'

export type Session = ReturnType<typeof createSession>

/** A request to show a place of the text in the editor. */
export interface Jump {
  readonly start: number
  readonly end: number
}

export function createSession(backend: Backend) {
  const specs = signal<readonly SpecEntry[]>([])
  const file = signal('spec.yaml')
  const text = signal('')
  /** Whether `text` is that of a spec, which has to be checked. */
  const isOpen = signal(false)
  const savedText = signal('')
  const shapes = signal<Shapes | undefined>(undefined)
  const checked = signal<Checked | undefined>(undefined)
  /** The last network that had layers: a text that cannot be parsed for a moment keeps its drawing. */
  const network = signal<NetworkFacts | undefined>(undefined)
  const isNetworkOld = computed(() => network.value !== shapes.value?.network)
  const selected = signal<string | undefined>(undefined)
  const view = signal('network')
  const jump = signal<Jump | undefined>(undefined)
  /** Counts how often the menu of actions was asked for by its button. */
  const actionRequests = signal(0)
  /** A failure of the environment, such as a file that cannot be saved. */
  const failure = signal<string | undefined>(undefined)
  const checker = new Checker(backend.files)

  /** Counts changes of the files that specs name. */
  const fileChanges = signal(0)

  keepChecked({ checker, file, text, isOpen, fileChanges, shapes, checked, network, failure })

  return {
    backend,
    checker,
    specs,
    file,
    text,
    savedText,
    shapes,
    checked,
    network,
    isNetworkOld,
    selected,
    view,
    jump,
    actionRequests,
    failure,
    isDirty: computed(() => backend.writeSpec !== undefined && text.value !== savedText.value),
    layer: computed((): LayerFacts | undefined => network.value?.layers.find(({ name }) => name === selected.value)),
    /** Opens a text that is already known. `saved` is the text of the file, which may differ. */
    show(path: string, content: string, saved = content) {
      selected.value = undefined
      network.value = undefined
      file.value = path
      text.value = content
      savedText.value = saved
      isOpen.value = true
    },
    async open(path: string) {
      try {
        this.show(path, await backend.readSpec(path))
      } catch (error) {
        failure.value = messageOf(error)
        isOpen.value = true
      }
    },
    /** Opens another spec, unless the user wants to keep unsaved changes. Returns whether it is open. */
    async openInstead(path: string): Promise<boolean> {
      const isKept = this.isDirty.value && !confirm(`Changes of ${file.value} are not saved. Discard them?`)
      if (!isKept) await this.open(path)
      return file.value === path
    },
    async save() {
      if (backend.writeSpec === undefined) return
      const saving = text.value
      try {
        await backend.writeSpec(file.value, saving)
        savedText.value = saving
        failure.value = undefined
      } catch (error) {
        failure.value = `${file.value} could not be saved: ${messageOf(error)}`
      }
    },
    /** Checks the same text again, because files that it names have changed. */
    checkAgain() {
      fileChanges.value += 1
    },
    select(name: string | undefined) {
      selected.value = name
    },
    /** Selects a layer and shows its line. */
    goTo({ name, span }: Pick<LayerFacts, 'name' | 'span'>) {
      selected.value = name
      if (span !== undefined) jump.value = { start: span.start, end: span.end }
    },
  }
}
