/** How layers without a stated name are named. */

/** The name of the input that a spec omits because the dataset, or `input`, gives its shape. */
export const impliedInputName = 'input'

/**
 * Numbers names as Keras does, `conv2d`, `conv2d_1`, and avoids those that are taken.
 *
 * @param taken The names that are given to layers; the new ones are added.
 */
export function createNumbering(taken: Set<string>): (name: string) => string {
  const numbers = new Map<string, number>()
  return (name) => {
    let number = numbers.get(name) ?? 0
    const nameOf = () => (number === 0 ? name : `${name}_${number}`)
    while (taken.has(nameOf())) number += 1
    numbers.set(name, number + 1)
    taken.add(nameOf())
    return nameOf()
  }
}
