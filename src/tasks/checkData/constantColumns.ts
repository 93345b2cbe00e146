/** Finds columns of a table that are constant in all training samples, so nothing can be learned from them. */
import { formatCount } from '../../diagnostics/formatCount.ts'
import { listNames, type DataFinding, type SampleCheck } from './finding.ts'

export function checkConstantColumns(): SampleCheck {
  let names: readonly string[] = []
  let first = new Float32Array(0)
  let count = 0
  /** The elements that were equal in all samples so far. A category has several elements. */
  let constant: number[] = []
  return {
    take({ name, samples: { inputNames } }, _sample, values) {
      if (name !== 'train' || inputNames === undefined) return
      if (count === 0) {
        names = inputNames
        first = Float32Array.from(values)
        constant = Array.from(names.keys())
      }
      count++
      const isSame = (element: number) => values[element] === first[element]
      if (!constant.every(isSame)) constant = constant.filter(isSame)
    },
    findings() {
      const changing = new Set(names.filter((_name, element) => !constant.includes(element)))
      const same = [...new Set(names)].filter((name) => !changing.has(name))
      return count < 2 || same.length === 0 ? [] : [constantColumns(same, count)]
    },
  }
}

function constantColumns(names: readonly string[], count: number): DataFinding {
  const [subject, verb] = names.length === 1 ? ['the column', 'is'] : ['the columns', 'are']
  return {
    code: 'data/constant-column',
    message: `${subject} ${listNames(names)} ${verb} constant in all ${formatCount(count)} training samples`,
    help: `remove ${names.length === 1 ? 'it' : 'them'} with \`columns: { ${names[0]}: ignore }\``,
  }
}
