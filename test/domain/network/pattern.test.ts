import t from 'tap'
import { parsePattern, patternCovers, patternExpression, patternSuffix } from '../../../src/domain/network/pattern.ts'
import { parseUrlPrefix, urlHost } from '../../../src/domain/network/url-prefix.ts'
import { fc } from '../../support/scale.ts'

t.test('patterns have asterisks inside labels, or variables', async (t) => {
  for (const value of [
    '*cdn.onenote.net',
    'monitoring.*.amazonaws.com',
    '*-files.sharepoint.com',
    '<tenant>.sharepoint.com',
    'a*b*c.example.net',
    '*.*.example.net',
    'x<tenant>-*.example.net'
  ])
    t.same(parsePattern(value), { value })
  t.same(parsePattern('*CDN.OneNote.net.'), { value: '*cdn.onenote.net' })
})

t.test('what a host says, and what anyone could register, is no pattern', async (t) => {
  const faults = {
    '*.example.com': /kind host/,
    'www.example.com': /no asterisk/,
    'foo.*.com': /two plain labels/,
    'foo.bar*.com': /two plain labels/,
    '*.com': /two plain labels/,
    'a**.example.com': /in a row/,
    '*<tenant>.example.com': /in a row/,
    '<Tenant>.example.com': /variable "Tenant"/,
    'x*.co.uk': /anyone can register/,
    'a*..example.com': /empty label/,
    'a*/b.example.com': /path/,
    'b\u00fc*.example.com': /A-labels/,
    '*a*a*a*a*a*a*a*a*a.example.com': /more than 8/
  }
  for (const [text, message] of Object.entries(faults)) t.match(parsePattern(text), { fault: message }, text)
})

t.test('an asterisk is one or more characters of one label', async (t) => {
  t.equal(patternCovers('*cdn.onenote.net', 'xcdn.onenote.net'), true)
  for (const name of ['cdn.onenote.net', 'a.xcdn.onenote.net', 'xcdn.onenote.net.evil.com', '*.onenote.net'])
    t.equal(patternCovers('*cdn.onenote.net', name), false, name)
  t.equal(patternCovers('a*b*c.example.net', 'axbbxc.example.net'), true)
  t.equal(patternCovers('a*b*c.example.net', 'abxc.example.net'), false)
  t.equal(patternCovers('<tenant>.example.net', 'acme.example.net'), true)
  t.equal(patternSuffix('monitoring.*.amazonaws.com'), 'amazonaws.com')
})

t.test('the expression of a pattern takes the same names', async () => {
  const label = fc.stringMatching(/^[ab*]{1,6}$/).filter((text) => !text.includes('**'))
  const pattern = fc.tuple(label, label).map(([one, two]) => `${one}.${two}.b.a`)
  const name = fc.tuple(fc.stringMatching(/^[ab]{1,8}$/), fc.stringMatching(/^[ab]{1,8}$/))
  fc.assert(
    fc.property(pattern, name, (value, [one, two]) => {
      const host = `${one}.${two}.b.a`
      return new RegExp(patternExpression(value)).test(host) === patternCovers(value, host)
    })
  )
})

t.test('a URL is a host and the beginning of a path', async (t) => {
  t.same(parseUrlPrefix('Storage.Example.com/Release/'), { value: 'storage.example.com/Release/' })
  t.same(parseUrlPrefix('storage.example.com/a%20b'), { value: 'storage.example.com/a%20b' })
  t.equal(urlHost('storage.example.com/a/b'), 'storage.example.com')
  const faults = {
    'https://example.com/a': /scheme/,
    'example.com/a?b': /query/,
    'example.com/a#b': /query or a fragment/,
    'example.com:8443/a': /port/,
    'example.com': /no path/,
    'example.com/': /no path/,
    '*.example.com/a': /wildcard/,
    'example.com/a b': /percent/,
    'example.com/../a': /part of its path/
  }
  for (const [text, message] of Object.entries(faults)) t.match(parseUrlPrefix(text), { fault: message }, text)
})
