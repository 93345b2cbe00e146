/** The field that states how values between pixels are interpolated. */
import { oneOf } from '../../language/fields.ts'
import { withDefault } from '../../language/schema.ts'

export function interpolationField(byDefault: 'nearest' | 'bilinear') {
  const description = '`nearest` repeats rows and columns, `bilinear` interpolates between them.'
  const other = byDefault === 'nearest' ? 'bilinear' : 'nearest'
  return withDefault(oneOf(['nearest', 'bilinear'] as const, { description, examples: [other] }), byDefault)
}
