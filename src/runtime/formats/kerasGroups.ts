/**
 * Returns the groups in which Keras saves the weights of layers, or of the cells of a stack: named by their classes, and
 * numbered. The second `Conv2D` is in `conv2d_1`.
 *
 * @param classNames Those of all layers, in the order of the model: `Conv2D`, or `package>Conv2D` for a registered class.
 */
export function kerasGroups(classNames: readonly string[]): string[] {
  const counts = new Map<string, number>()
  return classNames.map((className) => {
    const group = snakeCase(className.replace(/^.*>/, ''))
    const count = counts.get(group) ?? 0
    counts.set(group, count + 1)
    return count === 0 ? group : `${group}_${count}`
  })
}

/** `SeparableConv2D` → `separable_conv2d`, as `to_snake_case` in keras/src/utils/naming.py. */
function snakeCase(className: string): string {
  const words = className.replaceAll(/\W+/g, '').replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
  return words.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
}
