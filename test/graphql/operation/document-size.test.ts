import t from 'tap'
import { countTokens } from '../../../src/graphql/operation/document-size.ts'
import { limits } from '../../../src/graphql/operation/limits.ts'
import { documentHash, Operations } from '../../../src/graphql/operation/operation.ts'
import { executableSchema } from '../../../src/graphql/schema.ts'
import { startApp } from '../../support/app.ts'
import { fc } from '../../support/scale.ts'
import { asking } from '../support/ask.ts'

const fragment = (name: string) => `fragment ${name} on Query { __typename } `
const fragments = (count: number) => Array.from({ length: count }, (_, n) => fragment(`f${n}`)).join('')

t.test('words and signs are counted; comments, commas and blanks are not, and a text in quotes is one', async (t) => {
  const counts: readonly (readonly [number, string])[] = [
    [0, ''],
    [0, '# only a comment'],
    [3, '{ a }'],
    [3, '{ a # { b }\n }'],
    [8, '{ a(b: "c d e") }'],
    [8, '{ a(b: """c\nd { e""") }'],
    [4, '{ ...a }'],
    [13, '{ a(b: [1, -2.5, $c]) }']
  ]
  for (const [count, text] of counts) t.equal(countTokens(text), count, text)
})

t.test('a document is refused past 1,500 tokens and 50 fragments, wherever they stand', async (t) => {
  const tooComplex = { code: 'too_complex' }
  t.equal(countTokens(`{${'a '.repeat(limits.tokens - 2)}}`), limits.tokens)
  t.throws(() => countTokens(`{${'a '.repeat(limits.tokens - 1)}}`), { ...tooComplex, extra: { limit: 'tokens' } })
  t.throws(() => countTokens('{'.repeat(100_000)), tooComplex, 'no more than the limit is read')
  t.doesNotThrow(() => countTokens(`{a}${fragments(limits.fragments)}`))
  for (const [text, why] of [
    [`{a}${fragments(limits.fragments + 1)}`, 'after an operation'],
    [`${fragments(limits.fragments + 1)}{a}`, 'before it'],
    [`${fragments(limits.fragments)}query fragment {a}${fragment('fragment')}`, 'with names that are keywords'],
    [`${fragments(limits.fragments)}#}\n{a(b: "}") {fragment}}${fragment('x')}`, 'after braces in comments and quotes']
  ] as const)
    t.throws(() => countTokens(text), { ...tooComplex, extra: { limit: 'fragments' } }, why)
  t.doesNotThrow(
    () => countTokens(`{${'fragment {fragment} ...fragment '.repeat(limits.fragments)}}`),
    'a field may have that name'
  )
})

t.test('the count is that of the parser, for any text', async () => {
  const word = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    'a',
    'fragment',
    'on',
    '"x"',
    '""" y\n """',
    '1',
    '-2.5',
    '...',
    '$',
    '@',
    '#c\n',
    ','
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const counted = words.filter((text) => text !== ',' && !text.startsWith('#')).length
      return countTokens(words.join(' ')) === counted
    })
  )
})

t.test('what is refused is refused in the same way each time, and what is taken is parsed once', async (t) => {
  const operations = new Operations(executableSchema(), { allowsIntrospection: true })
  const taken = '{ formats { name } }'
  t.equal(operations.read(taken), operations.read(taken))
  for (const text of ['{ nothing }', '{', `{${'a '.repeat(2000)}}`]) {
    const refusals = [1, 2].map(() => {
      try {
        return operations.read(text)
      } catch (error) {
        return error
      }
    })
    t.not(refusals[0], refusals[1], 'nothing of it was kept')
    t.strictSame(String(refusals[0]), String(refusals[1]))
  }
  const { loc } = operations.read(taken).document
  t.strictSame({ ...loc }, { start: 0, end: taken.length, source: loc?.source }, 'without its tokens')
})

t.test('documents with many tokens push others out, so that a bounded number of bytes is kept', async (t) => {
  const operations = new Operations(executableSchema(), { allowsIntrospection: true })
  const large = (n: number) => `{ a${n}: __typename nodes(ids: [${'1 '.repeat(1400)}]) { id } }`
  const first = operations.read(large(0))
  t.equal(operations.read(large(0)), first)
  for (let n = 1; n <= 30; n += 1) operations.read(large(n))
  t.not(operations.read(large(0)), first)
  const long = `{ __typename } # ${'x'.repeat(4_000_000)}`
  t.doesNotThrow(() => operations.read(long), 'a long text of few tokens is counted by its length')
  for (let n = 0; n < 3; n += 1) operations.read(`${long}${n}`)
  const small = operations.read('{ __typename }')
  for (let n = 0; n < 200; n += 1) operations.read(`{ a${n}: __typename }`)
  t.equal(operations.read('{ __typename }'), small, 'small ones push nothing out')
})

t.test('the limits hold by POST, by GET, by hash, and for each operation of a document', async (t) => {
  const app = await startApp(t)
  const text = `{ __typename } ${fragments(limits.fragments + 1)}`
  const posted = await asking(app)(text)
  t.match(posted, {
    status: 400,
    errors: [{ extensions: { code: 'too_complex', problem: { limit: 'fragments', most: 50 } } }]
  })
  const long = `query A { __typename } query B { ${'__typename '.repeat(limits.tokens)} }`
  t.match((await asking(app)(long, {}, 'A')).errors[0]?.extensions.code, 'too_complex')
  const trusting = await startApp(t, { graphql: { documents: new Map([[documentHash(text), text]]) } })
  const url = `/graphql?documentId=${documentHash(text)}`
  t.match((await trusting.request(url)).json().errors[0].extensions.code, 'too_complex')
  const payload = { documentId: documentHash(text) }
  const named = await trusting.request({ method: 'POST', url: '/graphql', payload })
  t.match(named.json().errors[0].extensions.code, 'too_complex')
})
