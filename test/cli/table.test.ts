import t from 'tap'
import { clipText, renderTable } from '../../src/cli/shell/table.ts'

t.test('columns are aligned, and no line ends in white space', async (t) => {
  t.equal(
    renderTable([
      ['key', 'value'],
      ['longer key', ''],
      ['é', 'last']
    ]),
    'key         value\nlonger key\né           last'
  )
})

t.test('colours are put on after measuring', async (t) => {
  const paint = (text: string) => `<${text}>`
  t.equal(
    renderTable([
      [{ text: 'a', paint }, 'b'],
      ['wide', 'c']
    ]),
    '<a>     b\nwide  c'
  )
})

t.test('nothing in a cell breaks the line or speaks to the terminal', async (t) => {
  t.equal(renderTable([['two\nlines', '\x1b[31mred\x9b0m']]), 'two lines  [31mred 0m')
})

t.test('what is longer is cut, and says so', async (t) => {
  t.equal(clipText('12345', 5), '12345')
  t.equal(clipText('123456', 5), '1234…')
})

t.test('an empty table is nothing', async (t) => {
  t.equal(renderTable([]), '')
})
