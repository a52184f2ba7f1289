import t from 'tap'
import { evaluateExpression } from '../../src/work/expression.ts'

const evaluate = (text: string, input: unknown = {}) => evaluateExpression('the map', text, input)

t.test('an expression sees the input, and its result is plain JSON', async (t) => {
  const text = '{"a": b.($string() & "!"), "n": $count(b)}'
  t.strictSame(await evaluate(text, { b: [1, 2] }), { a: ['1!', '2!'], n: 2 })
  t.strictSame(await evaluate('missing'), null)
})

t.test('an expression that cannot be read or fails is refused, with its place', async (t) => {
  const code = 'invalid_source'
  await t.rejects(evaluate('{"a": '), { code, message: /^the map cannot be evaluated: .*at character/ })
  await t.rejects(evaluate('$error("no list")'), { code, message: /no list/ })
  await t.rejects(evaluate('a + 1', { a: 'x' }), { code, message: /must evaluate to a number/ })
})

t.test('what has no end is stopped, wherever it is', async (t) => {
  await t.rejects(evaluate('($f := function($x){ 1 + $f($x) }; $f(1))'), {
    message: /calls itself more than 500 times/
  })
  const endless = ['($f := function($x){ $f($x) }; $f(1))', `$match("${'a'.repeat(60)}b", /(a+)+$/)`]
  for (const text of endless)
    await t.rejects(
      evaluateExpression('the map', text, {}, { mostMs: 300 }),
      { message: /longer than 0\.3 seconds/ },
      text
    )
})

t.test('an expression reaches nothing but its input', async (t) => {
  for (const text of ['process', 'globalThis', '$$.constructor', '$lookup($$, "constructor")', '$string.constructor'])
    t.notMatch(JSON.stringify(await evaluate(text)), /function|version/, text)
})
