/** What a dataset contains: the number of samples, their statistics, a histogram of the classes, and some samples. */
import { formatCount } from '../../../diagnostics/formatCount.ts'
import type { DataView, SplitName } from '../../calls.ts'
import { Figure } from '../figure.tsx'

export const splitLabels: Readonly<Record<SplitName, string>> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test',
}

interface DatasetProps {
  readonly data: DataView
  readonly split: SplitName
}

export function Dataset({ data, split }: DatasetProps) {
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

/** A bar for each class of a split. */
function Histogram({ data: { splits, classNames }, split }: DatasetProps) {
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
