/** The confusion matrix after an epoch: a table of counts for few classes, a picture for many. */
import { formatCount } from '../../diagnostics/formatCount.ts'
import { formatPercent } from '../../report/run/numbers.ts'
import type { EpochConfusion } from '../calls.ts'

/** With more classes, numbers in the cells would be too small to read. */
const mostInTable = 20

export function Confusion({ confusion }: { readonly confusion: EpochConfusion }) {
  const { epoch, split, samples, classNames, matrix } = confusion
  return (
    <section>
      <h2>Confusion after epoch {epoch}</h2>
      <p class="quiet">
        Rows: true class. Columns: predicted class. {formatCount(samples)} {split} samples.
      </p>
      {classNames.length <= mostInTable ? (
        <Table classNames={classNames} matrix={matrix} />
      ) : (
        <Picture matrix={matrix} />
      )}
    </section>
  )
}

function Table({ classNames, matrix }: Pick<EpochConfusion, 'classNames' | 'matrix'>) {
  return (
    <div class="scroll">
      <table class="confusion">
        <thead>
          <tr>
            <td />
            {classNames.map((name) => (
              <th scope="col" key={name} title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, truth) => (
            <tr key={truth}>
              <th scope="row" title={classNames[truth]}>
                {classNames[truth]}
              </th>
              {row.map((count, named) => (
                <Cell key={named} count={count} total={sumOf(row)} isRight={truth === named} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface CellProps {
  readonly count: number
  readonly total: number
  readonly isRight: boolean
}

function Cell({ count, total, isRight }: CellProps) {
  if (count === 0) return <td />
  const strength = strengthOf(count / total, isRight)
  return (
    <td
      class={`${isRight ? 'right' : 'wrong'}${strength > 0.6 ? ' strong' : ''}`}
      style={{ '--part': strength.toFixed(3) }}
      title={`${formatCount(count)} of ${formatCount(total)}: ${formatPercent(count / total, 1)}`}
    >
      {count}
    </td>
  )
}

function Picture({ matrix }: Pick<EpochConfusion, 'matrix'>) {
  const size = matrix.length
  return (
    <svg class="confusion-map" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`Confusion of ${size} classes`}>
      {matrix.flatMap((row, truth) =>
        row.map((count, named) =>
          count === 0 ? null : (
            <rect
              key={`${truth} ${named}`}
              class={truth === named ? 'right' : 'wrong'}
              x={named}
              y={truth}
              width="1"
              height="1"
              fill-opacity={strengthOf(count / sumOf(row), truth === named)}
            />
          ),
        ),
      )}
    </svg>
  )
}

/** The strength of a colour, from 0 to 1. Mistakes are rare, so theirs grows with the square root of their share. */
function strengthOf(share: number, isRight: boolean): number {
  return isRight ? share : Math.min(1, Math.sqrt(share) * 1.2)
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
