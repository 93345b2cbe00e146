/** The dataset of the open spec: images of each class, the number of samples of each class, and statistics. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { formatCount } from '../../../diagnostics/formatCount.ts'
import type { DataView as ShownData, SplitName } from '../../calls.ts'
import { messageOf } from '../messageOf.ts'
import { Notice } from '../notice.tsx'
import type { ViewProps } from '../views.ts'

const splitLabels: Readonly<Record<SplitName, string>> = { train: 'Training', validation: 'Validation', test: 'Test' }

/** How long the text has to stay the same before its dataset is read again, in milliseconds. */
const pause = 300

/** The number of images that are shown. */
const viewedImages = 60

export function DataView({ session }: ViewProps) {
  const { viewData } = session.backend
  const split = useSignal<SplitName>('train')
  const augmented = useSignal(false)
  const shown = useSignal<ShownData | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  const isLoading = useSignal(false)
  const added = useSignal<readonly string[]>([])
  const file = session.file.value
  // Where specs are saved, the saved one is shown.
  const text = session.backend.writeSpec === undefined ? session.text.value : session.savedText.value
  useEffect(() => {
    let isOld = false
    isLoading.value = true
    const question = { spec: file, split: split.value, view: viewedImages, augmented: augmented.value }
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
  }, [file, text, split.value, augmented.value, added.value])

  const data = shown.value
  return (
    <div class="view data-view" aria-busy={isLoading.value}>
      <div class="controls">
        <div class="choices" role="group" aria-label="Samples">
          {(data?.splits ?? [{ name: split.value }]).map(({ name }) => (
            <button key={name} type="button" aria-pressed={split.value === name} onClick={() => (split.value = name)}>
              {splitLabels[name]}
            </button>
          ))}
        </div>
        {data?.canAugment === true && (
          <label class="check">
            <input
              type="checkbox"
              checked={augmented.value}
              onChange={(event) => (augmented.value = event.currentTarget.checked)}
            />
            As augmented for training
          </label>
        )}
        <AddFiles
          session={session}
          onAdded={(paths) => (added.value = paths)}
          onProblem={(message) => (problem.value = message)}
        />
        {isLoading.value && <span class="quiet">Reading the dataset …</span>}
        {session.isDirty.value && <span class="quiet">Shows the saved spec.</span>}
      </div>
      <Notice problem={problem} />
      {added.value.length > 0 && (
        <p class="quiet" role="status">
          This browser keeps {added.value.join(', ')}: name{' '}
          {added.value.length === 1 ? 'it' : 'them, or the folder data,'} in the dataset of a spec.
        </p>
      )}
      {data !== undefined && <Dataset data={data} split={split.value} />}
    </div>
  )
}

interface AddFilesProps extends ViewProps {
  onAdded(paths: readonly string[]): void
  onProblem(message: string): void
}

/** Keeps files of the user in the browser, where there is no folder for them. */
function AddFiles({ session, onAdded, onProblem }: AddFilesProps) {
  const { addData } = session.backend
  if (addData === undefined) return null
  const add = async (files: FileList | null) => {
    try {
      onAdded(await addData([...(files ?? [])]))
      session.checkAgain()
    } catch (error) {
      onProblem(messageOf(error))
    }
  }
  return (
    <label class="file-button">
      Add files
      <input type="file" multiple class="visually-hidden" onChange={(event) => void add(event.currentTarget.files)} />
    </label>
  )
}

function Dataset({ data, split }: { readonly data: ShownData; readonly split: SplitName }) {
  const { splits, stats, sampleShape, classNames, pictures, noPictures } = data
  return (
    <>
      <dl class="figures">
        {splits.map(({ name, count }) => (
          <Figure key={name} label={`${splitLabels[name]} samples`} value={formatCount(count)} />
        ))}
        <Figure label="Shape of a sample" value={sampleShape.join('×')} />
        <Figure label="Mean" value={listNumbers(stats.mean)} />
        <Figure label="Standard deviation" value={listNumbers(stats.std)} />
      </dl>
      {classNames.length > 0 && <Histogram data={data} split={split} />}
      <section>
        <h2>Samples</h2>
        {noPictures !== undefined && <p class="quiet">{noPictures}</p>}
        <ul class="samples">
          {pictures.map(({ url, width, height, label }, index) => (
            <li key={index}>
              <img src={url} width={width} height={height} alt={`a sample of ${label}`} />
              <span title={label}>{label}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

export function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** A bar for each class of a split. */
function Histogram({ data: { splits, classNames }, split }: { readonly data: ShownData; readonly split: SplitName }) {
  const counts = splits.find(({ name }) => name === split)?.perClass ?? []
  const most = Math.max(1, ...counts)
  if (counts.length === 0) return null
  return (
    <section>
      <h2>Samples of each class</h2>
      <table class="bars">
        <tbody>
          {counts.map((count, index) => (
            <tr key={index}>
              <th scope="row" title={classNames[index]}>
                {classNames[index] ?? index}
              </th>
              <td class="bar-cell">
                <span class="bar" style={{ width: `${(100 * count) / most}%` }} />
              </td>
              <td class="number">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function listNumbers(values: readonly number[]): string {
  return values.map((value) => Number(value.toPrecision(4)).toString()).join(', ')
}
