import t from 'tap'
import { hostCovers, parseHost } from '../../../src/domain/network/host.ts'
import { fc, runs } from '../../support/scale.ts'

t.test('a host has one canonical form', async (t) => {
  const canonical: readonly (readonly [string, string])[] = [
    ['Repo.clearswift.NET', 'repo.clearswift.net'],
    ['repo.clearswift.net.', 'repo.clearswift.net'],
    ['kav-update-8-1.clearswift.net', 'kav-update-8-1.clearswift.net'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['a_b.example.com', 'a_b.example.com'],
    ['r3---sn-5hne.example.com', 'r3---sn-5hne.example.com'],
    ['4.example.com', '4.example.com'],
    ['example.x1', 'example.x1'],
    ['intranet', 'intranet'],
    ['Bücher.de', 'xn--bcher-kva.de'],
    ['XN--BCHER-KVA.de', 'xn--bcher-kva.de'],
    ['faß.de', 'xn--fa-hia.de'],
    ['日本。jp', 'xn--wgv71a.jp'],
    ['*.example.com', '*.example.com'],
    ['*.Bücher.de.', '*.xn--bcher-kva.de'],
    ['*.s3.amazonaws.com', '*.s3.amazonaws.com'],
    ['*.github.io', '*.github.io'],
    ['*.corp', '*.corp'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`]
  ]
  for (const [text, value] of canonical) t.same(parseHost(text), { value }, text)
})

t.test('what is no host is refused, with what would be right', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['', /is empty/],
    ['.', /is empty/],
    ['a..b', /empty label/],
    ['.example.com', /empty label/],
    ['example.com..', /empty label/],
    ['-a.com', /hyphen/],
    ['a-.com', /hyphen/],
    [`${'a'.repeat(64)}.com`, /63 characters/],
    [`${'ü'.repeat(60)}.com`, /63 characters/],
    [`${'abcdefghi.'.repeat(25)}info`, /253 characters/],
    ['10.0.0.1', /kind address/],
    ['10.0.0.0/8', /kind address/],
    ['::1', /kind address/],
    ['2001:db8::/32', /kind address/],
    ['１０.0.0.1', /kind address/],
    ['example.10', /ends in a number/],
    ['443', /ends in a number/],
    ['example.0x1f', /ends in a number/],
    ['http://example.com', /URL/],
    ['example.com/path', /path/],
    ['example.com:443', /port/],
    ['user@example.com', /contains @/],
    ['exa mple.com', /space/],
    ['example.com ', /space/],
    ['example.com\n', /U\+000A/],
    ['example.com\0', /U\+0000/],
    ['exa\u00admple.com', /U\+00AD/],
    ['\u202eexample.com', /U\+202E/],
    ['\ud800.com', /U\+D800/],
    ['example.com\u00a0', /internationalised/],
    ['xn--a.com', /internationalised/],
    ['xn--.com', /internationalised/],
    ['\u200dexample.com', /internationalised/],
    ['℀.com', /internationalised/],
    ['*', /whole leading label/],
    ['*foo.example.com', /whole leading label/],
    ['foo*.example.com', /whole leading label/],
    ['a.*.example.com', /whole leading label/],
    ['*.*.example.com', /whole leading label/],
    ['*.', /is empty/],
    ['*.com', /all of com/],
    ['*.com.', /all of com/],
    ['*.co.uk', /all of co\.uk/],
    ['*.xn--p1ai', /all of xn--p1ai/],
    ['*.рф', /all of xn--p1ai/],
    ['*.ck', /all of ck/],
    ['*.10.0.0.1', /number|address/]
  ]
  for (const [text, fault] of faults) t.match(parseHost(text), { fault }, JSON.stringify(text))
})

t.test('a wildcard covers subdomains at any depth and narrower wildcards, not its apex', async (t) => {
  t.equal(hostCovers('*.example.net', 'a.example.net'), true)
  t.equal(hostCovers('*.example.net', 'a.b.example.net'), true)
  t.equal(hostCovers('*.example.net', '*.a.example.net'), true)
  t.equal(hostCovers('*.example.net', '*.example.net'), true)
  t.equal(hostCovers('*.example.net', 'example.net'), false)
  t.equal(hostCovers('*.example.net', 'evilexample.net'), false)
  t.equal(hostCovers('*.a.example.net', '*.example.net'), false)
})

t.test('a name covers itself only', async (t) => {
  t.equal(hostCovers('example.net', 'example.net'), true)
  t.equal(hostCovers('example.net', 'a.example.net'), false)
  t.equal(hostCovers('a.example.net', '*.example.net'), false)
})

t.test('a canonical host is its own canonical host', async () => {
  const label = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/), fc.string({ unit: 'grapheme', maxLength: 6 }))
  const text = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 5 }), fc.boolean())
    .map(([wild, labels, dot]) => `${wild ? '*.' : ''}${labels.join('.')}${dot ? '.' : ''}`)
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (written) => {
      const host = parseHost(written)
      if ('fault' in host) return true
      const again = parseHost(host.value)
      return 'value' in again && again.value === host.value && /^(\*\.)?[a-z0-9_.-]{1,253}$/.test(host.value)
    }),
    { numRuns: runs(5000) }
  )
})
