import t from 'tap'
import { formats } from '../../../src/render/formats/formats.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { rendered } from '../formats/support/rendered.ts'

/** A slice without entries. */
const document = documentOf([requirement('a')])
const countOf = (format: string, empty: 'placeholder' | 'none') =>
  rendered(format, { document, empty }).report.placeholder

for (const format of formats) {
  const { name } = format
  const hasPlaceholder = format.kind !== 'table' && (format.placeholders ?? []).length > 0
  if (hasPlaceholder)
    t.test(`${name} writes the placeholder that is asked for`, async (t) => {
      t.ok(countOf(name, 'placeholder') > 0)
      t.equal(countOf(name, 'none'), 0)
    })
  else
    t.test(`${name} has no placeholder, and refuses to be asked for one`, async (t) => {
      t.throws(() => countOf(name, 'placeholder'), { code: 'invalid_parameter', message: /leave empty out/ })
      t.equal(countOf(name, 'none'), 0)
    })
}
