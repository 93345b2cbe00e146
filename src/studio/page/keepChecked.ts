/** Keeps the results of the checker up to date with the open spec. */
import { batch, effect, type Signal } from '@preact/signals'
import type { NetworkFacts } from '../facts/networkFacts.ts'
import { messageOf } from './messageOf.ts'
import type { Checker } from './worker/checker.ts'
import type { Checked, Shapes } from './worker/messages.ts'

const checkFailed = 'The spec could not be checked'

interface CheckedSignals {
  readonly checker: Checker
  readonly file: Signal<string>
  readonly text: Signal<string>
  readonly isOpen: Signal<boolean>
  readonly fileChanges: Signal<number>
  readonly shapes: Signal<Shapes | undefined>
  readonly checked: Signal<Checked | undefined>
  readonly network: Signal<NetworkFacts | undefined>
  readonly failure: Signal<string | undefined>
}

/** Checks the spec whenever it or a file that it names changes. One check at a time: meanwhile, only the newest text waits. */
export function keepChecked(signals: CheckedSignals): void {
  const { checker, file, text, isOpen, fileChanges, shapes, checked, network, failure } = signals
  const showShapes = (answer: Shapes) => {
    shapes.value = answer
    if (answer.network.layers.length > 0) network.value = answer.network
  }
  let isChecking = false
  const questionNow = () => [file.value, fileChanges.value, text.value].join('\n')
  const check = async () => {
    if (isChecking) return
    isChecking = true
    let asked: string | undefined
    while (asked !== questionNow()) {
      asked = questionNow()
      try {
        const spec = { file: file.value, text: text.value }
        // What is needed for more than shapes is loaded after them.
        if (checked.value === undefined) showShapes(await checker.ask('shapes', spec))
        const answer = await checker.ask('check', spec)
        batch(() => {
          showShapes(answer)
          checked.value = answer
        })
        if (failure.value?.startsWith(checkFailed)) failure.value = undefined
      } catch (error) {
        failure.value = `${checkFailed}: ${messageOf(error)}`
      }
    }
    isChecking = false
  }
  effect(() => {
    if (isOpen.value && questionNow() !== '') void check()
  })
}
