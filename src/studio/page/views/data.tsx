/** The dataset of the open spec: images of each class, the number of samples of each class, and statistics. */
import { useSignal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DataView as ShownData, SplitName } from '../../calls.ts'
import { Dataset, splitLabels } from '../data/dataset.tsx'
import { messageOf } from '../messageOf.ts'
import { Notice } from '../notice.tsx'
import type { Session } from '../session.ts'
import type { ViewProps } from '../viewProps.ts'

/** How long the text has to stay the same before its dataset is read again, in milliseconds. */
const pause = 300

/** The number of images that are shown. */
const viewedImages = 60

export function DataView({ session }: ViewProps) {
  const state: DataState = {
    split: useSignal('train'),
    isAugmented: useSignal(false),
    added: useSignal([]),
    shown: useSignal(undefined),
    problem: useSignal(undefined),
    isLoading: useSignal(false),
  }
  useDataset(session, state)
  const { split, added, shown, problem, isLoading } = state
  return (
    <div class="view data-view" aria-busy={isLoading.value}>
      <Controls session={session} state={state} />
      <Notice problem={problem} />
      {added.value.length > 0 && (
        <p class="quiet" role="status">
          This browser keeps {added.value.join(', ')}: name{' '}
          {added.value.length === 1 ? 'it' : 'them, or the folder data,'} in the dataset of a spec.
        </p>
      )}
      {shown.value !== undefined && <Dataset data={shown.value} split={split.value} />}
    </div>
  )
}

interface DataState {
  readonly split: Signal<SplitName>
  readonly isAugmented: Signal<boolean>
  /** The paths of the files that the user has added last. */
  readonly added: Signal<readonly string[]>
  readonly shown: Signal<ShownData | undefined>
  readonly problem: Signal<string | undefined>
  readonly isLoading: Signal<boolean>
}

/** Reads the dataset when the view opens, and again when the spec, its files or the choice of samples changes. */
function useDataset(session: Session, { split, isAugmented, added, shown, problem, isLoading }: DataState): void {
  const { viewData } = session.backend
  const file = session.file.value
  // Where specs are saved, the saved one is shown.
  const text = session.backend.writeSpec === undefined ? session.text.value : session.savedText.value
  useEffect(() => {
    let isOld = false
    isLoading.value = true
    const question = { spec: file, split: split.value, view: viewedImages, augmented: isAugmented.value }
    const read = async () => {
      try {
        const found = await viewData(question, text)
        if (isOld) return
        shown.value = found
        problem.value = undefined
      } catch (error) {
        if (isOld) return
        problem.value = messageOf(error)
        shown.value = undefined
      }
      isLoading.value = false
    }
    // While one types, the dataset is read after a pause.
    const timer = setTimeout(() => void read(), shown.value === undefined ? 0 : pause)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [file, text, split.value, isAugmented.value, added.value])
}

interface StateProps extends ViewProps {
  readonly state: DataState
}

function Controls({ session, state }: StateProps) {
  const { split, isAugmented, shown, isLoading } = state
  const splits = shown.value?.splits ?? [{ name: split.value }]
  return (
    <div class="controls">
      <div class="choices" role="group" aria-label="Samples">
        {splits.map(({ name }) => (
          <button key={name} type="button" aria-pressed={split.value === name} onClick={() => (split.value = name)}>
            {splitLabels[name]}
          </button>
        ))}
      </div>
      {shown.value?.canAugment === true && (
        <label class="check">
          <input
            type="checkbox"
            checked={isAugmented.value}
            onChange={(event) => (isAugmented.value = event.currentTarget.checked)}
          />
          As augmented for training
        </label>
      )}
      <AddFiles session={session} state={state} />
      {isLoading.value && <span class="quiet">Reading the dataset …</span>}
      {session.isDirty.value && <span class="quiet">Shows the saved spec.</span>}
    </div>
  )
}

/** Keeps files of the user in the browser, where there is no folder for them. */
function AddFiles({ session, state: { added, problem } }: StateProps) {
  const { addData } = session.backend
  if (addData === undefined) return null
  const add = async (files: FileList | null) => {
    try {
      added.value = await addData([...(files ?? [])])
      session.checkAgain()
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  return (
    <label class="file-button">
      Add files
      <input type="file" multiple class="visually-hidden" onChange={(event) => void add(event.currentTarget.files)} />
    </label>
  )
}
