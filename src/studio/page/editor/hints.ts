/** Inlay hints: the proven shape after each layer and the value after each expression. */
import { StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import type { InlayHint } from '../../../editor/inlayHints.ts'

class HintWidget extends WidgetType {
  readonly label: string
  readonly kind: InlayHint['kind']

  constructor({ label, kind }: InlayHint) {
    super()
    this.label = label
    this.kind = kind
  }

  /** Without it, each check would build all of them again. */
  override eq(other: HintWidget): boolean {
    return other.label === this.label && other.kind === this.kind
  }

  toDOM(): HTMLElement {
    const hint = document.createElement('span')
    hint.className = `cm-hint cm-hint-${this.kind}`
    hint.textContent = this.label.replaceAll(/(?<=\d|[A-Z])x(?=\d|[A-Z])/g, '×')
    return hint
  }

  override ignoreEvent(): boolean {
    return false
  }
}

export const setHints = StateEffect.define<readonly InlayHint[]>()

/** Until the checker answers, hints move with the text. */
export const hints = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(present, transaction) {
    let next = present.map(transaction.changes)
    for (const effect of transaction.effects) {
      if (effect.is(setHints)) next = place(effect.value, transaction.state.doc)
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

function place(list: readonly InlayHint[], { length }: Text): DecorationSet {
  const widgets = list
    .filter(({ offset }) => offset <= length)
    .map((hint) => Decoration.widget({ widget: new HintWidget(hint), side: 1 }).range(hint.offset))
  return Decoration.set(widgets, true)
}
