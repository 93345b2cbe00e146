/** The training that the page shows, which continues while other views are open. */
import { signal, type ReadonlySignal } from '@preact/signals'
import type { TrainingState } from '../calls.ts'
import { applyTrainingEvent, idleState } from '../trainingState.ts'
import type { Session } from './session.ts'

const states = new WeakMap<Session, ReadonlySignal<TrainingState>>()

/** Returns the state of the training, which is followed from the first call on. */
export function trainingOf(session: Session): ReadonlySignal<TrainingState> {
  const known = states.get(session)
  if (known) return known
  const state = signal<TrainingState>(idleState)
  states.set(session, state)
  session.backend.training?.watch((message) => {
    if (message.kind === 'state') state.value = message.state
    else if (message.kind === 'event') state.value = applyTrainingEvent(state.value, message.event)
  })
  return state
}
