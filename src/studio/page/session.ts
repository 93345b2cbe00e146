/** The state of the page, as signals that views read: the open spec, what the checker proved about it, the selected layer, the view. */
import { computed, signal } from '@preact/signals'
import type { Backend } from '../backend.ts'
import type { SpecEntry } from '../protocol.ts'
import type { LayerFacts, NetworkFacts } from '../facts/networkFacts.ts'
import type { Checked, Shapes } from './worker/messages.ts'
import { keepChecked } from './keepChecked.ts'
import { messageOf } from './messageOf.ts'
import { Checker } from './worker/checker.ts'

/** A request to show a place of the text in the editor. */
export interface Jump {
  readonly start: number
  readonly end: number
}

export class Session {
  readonly backend: Backend
  readonly checker: Checker
  readonly specs = signal<readonly SpecEntry[]>([])
  readonly file = signal('spec.yaml')
  readonly text = signal('')
  readonly savedText = signal('')
  /** Whether `text` is that of a spec, which has to be checked. */
  readonly isOpen = signal(false)
  readonly isDirty = computed(() => this.backend.writeSpec !== undefined && this.text.value !== this.savedText.value)
  /** Counts changes of the files that specs name. */
  readonly fileChanges = signal(0)
  readonly shapes = signal<Shapes | undefined>(undefined)
  readonly checked = signal<Checked | undefined>(undefined)
  /** The last network that had layers: a text that cannot be parsed for a moment keeps its drawing. */
  readonly network = signal<NetworkFacts | undefined>(undefined)
  readonly isNetworkOld = computed(() => this.network.value !== this.shapes.value?.network)
  /** The name of the selected layer. */
  readonly selected = signal<string | undefined>(undefined)
  readonly layer = computed(() => this.network.value?.layers.find(({ name }) => name === this.selected.value))
  readonly view = signal('network')
  readonly jump = signal<Jump | undefined>(undefined)
  /** Counts how often the menu of actions was opened by its button. */
  readonly actionRequests = signal(0)
  /** A failure of the environment, such as a file that cannot be saved. */
  readonly failure = signal<string | undefined>(undefined)

  constructor(backend: Backend) {
    this.backend = backend
    this.checker = new Checker(backend.files)
    keepChecked(this)
  }

  /** Opens a text that is already known. `saved` is the text of the file, which may differ. */
  show(path: string, content: string, saved = content): void {
    this.selected.value = undefined
    this.network.value = undefined
    this.file.value = path
    this.text.value = content
    this.savedText.value = saved
    this.isOpen.value = true
  }

  async open(path: string): Promise<void> {
    try {
      this.show(path, await this.backend.readSpec(path))
    } catch (error) {
      this.failure.value = messageOf(error)
      this.isOpen.value = true
    }
  }

  /** Opens another spec, unless the user wants to keep unsaved changes. Returns whether it is open. */
  async openInstead(path: string): Promise<boolean> {
    const isKept = this.isDirty.value && !confirm(`Changes of ${this.file.value} are not saved. Discard them?`)
    if (!isKept) await this.open(path)
    return this.file.value === path
  }

  async save(): Promise<void> {
    if (this.backend.writeSpec === undefined) return
    const saving = this.text.value
    try {
      await this.backend.writeSpec(this.file.value, saving)
      this.savedText.value = saving
      this.failure.value = undefined
    } catch (error) {
      this.failure.value = `${this.file.value} could not be saved: ${messageOf(error)}`
    }
  }

  /** Checks the same text again, because files that it names have changed. */
  checkAgain(): void {
    this.fileChanges.value += 1
  }

  /** Selects a layer and shows its line. */
  goTo({ name, span }: Pick<LayerFacts, 'name' | 'span'>): void {
    this.selected.value = name
    if (span !== undefined) this.jump.value = { start: span.start, end: span.end }
  }
}
