import t from 'tap'
import { authoredText, inertText } from '../../../src/domain/table/inert-text.ts'
import { fc, runs } from '../../support/scale.ts'

t.test('no cell begins with what a spreadsheet may run as a formula', async (t) => {
  for (const sign of '=+-@\t\r\n＝＋－＠﹢﹣﹦﹫⁺⁻⁼−') {
    t.equal(inertText(`${sign}SUM(A1)`), `'${sign}SUM(A1)`, JSON.stringify(sign))
    if (sign.trim() !== '') t.equal(inertText(` ${sign}1`), `' ${sign}1`, `${JSON.stringify(sign)} after a space`)
  }
  for (const text of ['', ' ', 'a=b', '9.0.0.1', '*.example.net', 'ｆ＝1']) t.equal(inertText(text), text, text)
})

t.test('apostrophes of an author before such a sign stay apart from the one that is added', async (t) => {
  for (const [text, cell] of [
    ["'=1", "''=1"],
    ["''= 1", "'''= 1"],
    ["'", "'"],
    ["'quoted'", "'quoted'"]
  ] as const)
    t.equal(inertText(text), cell)
})

t.test('an import reads every text back as it was', async (t) => {
  // A sign and a mark over it are one letter to a reader, and a sign to a spreadsheet.
  t.equal(authoredText(inertText('=\u0338 1')), '=\u0338 1')
  const letter = fc.constantFrom('=', '-', '＝', "'", ' ', '\t', '\u0338', 'a')
  fc.assert(
    fc.property(fc.array(letter, { minLength: 1, maxLength: 5 }), (letters) => {
      const text = letters.join('')
      t.equal(authoredText(inertText(text)), text)
    }),
    { numRuns: runs(200) }
  )
})
