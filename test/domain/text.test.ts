import t from 'tap'
import { cleanText, codePointName } from '../../src/domain/text.ts'
import { fc, runs } from '../support/scale.ts'

t.test('a text is kept in NFC, with LF, and without outer white space', async (t) => {
  t.same(cleanText('  Kaspersky AV\t', 'one'), { text: 'Kaspersky AV' })
  t.same(cleanText('Zu\u0308rich', 'one'), { text: 'Zürich' })
  t.same(cleanText('one\r\ntwo\n', 'many'), { text: 'one\ntwo' })
})

t.test('joiners stay, since scripts and emoji need them', async (t) => {
  t.same(cleanText('نامه\u200cای 👩\u200d💻', 'one'), { text: 'نامه\u200cای 👩\u200d💻' })
})

t.test('what nobody can see is refused by its name', async (t) => {
  const invisible = ['\0', '\x1b', '\x7f', '\x85', '\xad', '\u061c', '\u200b', '\u200e', '\u2028', '\u202e', '\u2066']
  const others = ['\u3164', '\ufeff', '\ufffe', '\u{e0041}', '\u{1fffe}', '\ud800', '\udc00', '\r']
  for (const character of [...invisible, ...others])
    t.same(cleanText(`a${character}b`, 'many'), {
      fault: `contains the invisible or control character ${codePointName(character)}: remove it`
    })
})

t.test('a blank text is refused', async (t) => {
  t.match(cleanText(' \n\t', 'many'), { fault: /^is blank/ })
  t.match(cleanText('', 'one'), { fault: /^is blank/ })
})

t.test('a title is one line, prose may have several', async (t) => {
  t.match(cleanText('a\nb', 'one'), { fault: /one line/ })
  t.match(cleanText('a\tb', 'one'), { fault: /one line/ })
  t.same(cleanText('a\n\tb', 'many'), { text: 'a\n\tb' })
})

t.test('a clean text stays as it is', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(text, fc.constantFrom('one', 'many'), (written, lines) => {
      const clean = cleanText(written, lines)
      if ('fault' in clean) return true
      const again = cleanText(clean.text, lines)
      return 'text' in again && again.text === clean.text
    }),
    { numRuns: runs(2000) }
  )
})

t.test('a character is named as people look it up', async (t) => {
  t.equal(codePointName('\u202e'), 'U+202E')
  t.equal(codePointName('\0'), 'U+0000')
  t.equal(codePointName('\u{1f600}'), 'U+1F600')
})
