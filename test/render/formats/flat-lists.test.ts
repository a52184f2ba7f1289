import t from 'tap'
import { slicesOf } from '../../../src/domain/export/slice.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { type DialectName, dialects, readList } from './grammar/lists.ts'
import { blockList, has } from './support/block-list.ts'
import { liveValues, occasions, retiring } from './support/occasions.ts'
import { clearswift, everything, rendered, renderedText, type Wanted } from './support/rendered.ts'
import { folder, missing, run } from './support/tool.ts'

const names = Object.keys(dialects).filter((name): name is DialectName => name in dialects)
const inert = ['192.0.2.1', 'placeholder.invalid', 'placeholder.invalid/']

function textOf(dialect: DialectName, wanted: Wanted): string {
  const [format = '', mode] = dialect.split(' ')
  return renderedText(format, { ...wanted, ...(mode !== undefined && { mode }) })
}

/** What the view says, as this dialect writes it. */
function expectedOf(dialect: DialectName, wanted: Parameters<typeof liveValues>[0]): readonly string[] {
  const isUrl = dialect === 'edl-url'
  const isName = isUrl || dialect.endsWith('-domain')
  const { addresses, names, urls } = liveValues({
    ...wanted,
    ...(isName && { directions: ['outbound', 'both'] }),
    ...(isUrl && { transports: ['tcp', 'any'] })
  })
  const split = addresses.flatMap((value) => (dialect.startsWith('cisco') ? (halvesOf[value] ?? [value]) : [value]))
  const values = {
    addresses: split,
    names: isUrl ? urls : names
  }
  if (dialect === 'checkpoint-feed') return [...values.addresses, ...values.names].sort()
  return [...(isName || dialect === 'plain-host' ? values.names : values.addresses)].sort()
}
const halvesOf: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1']
}

for (const { name, document, at, slice } of occasions) {
  t.test(`every flat list says of ${name} what holds, and nothing else`, async (t) => {
    for (const dialect of names) {
      for (const each of [...slicesOf(document.requirements).map((known) => known.name), 'all']) {
        const { values, faults } = readList(dialect, textOf(dialect, { document, at, slice: each }))
        t.strictSame(faults, [], `${dialect} ${each}`)
        const expected = expectedOf(dialect, { document, at, ...(each !== 'all' && { slice: each }) })
        const isInert = expected.length === 0 && !dialect.startsWith('plain')
        t.strictSame(isInert ? values.filter((value) => !inert.includes(value)) : [...values].sort(), expected)
        t.equal(values.length, isInert ? 1 : expected.length, `${dialect} ${each}`)
      }
    }
  })

  t.test(`grepcidr finds in the lists of ${name} what is in them`, { skip: missing('grepcidr') }, async (t) => {
    const { addresses } = liveValues({ document, at, slice })
    const known = blockList(addresses)
    const probes = [...addresses.map((address) => address.replace(/\/.*/, '')), ...retiring, ...strangers]
    const members = probes.filter((probe) => has(known, probe))
    for (const dialect of names) {
      if (!/-ip/.test(dialect)) continue
      const files = { list: textOf(dialect, { document, at, slice, empty: 'none' }) }
      const path = folder(t, { ...files, probes: `${probes.join('\n')}\n` })
      const { stdout, stderr, code } = await run('grepcidr', ['-f', 'list', 'probes'], { cwd: path })
      t.equal(stderr, '', dialect)
      t.equal(code, members.length > 0 ? 0 : 1)
      t.strictSame(stdout.split('\n').filter(Boolean), members, dialect)
    }
  })
}
const strangers = ['10.9.9.9', '198.51.99.255', '198.51.101.0', '2001:db8:2::1', '2001:db8::2', '203.0.113.200']

t.test('grepcidr speaks of a line that it cannot read', { skip: missing('grepcidr') }, async (t) => {
  for (const bad of ['198.51.100.256', '198.51.100.0/33', '2001:db8::/129']) {
    const { stderr } = await run('grepcidr', ['-f', 'list'], { cwd: folder(t, { list: `${bad}\n` }), input: '' })
    t.not(stderr, '', bad)
  }
})

t.test('the six old mirrors are gone from every list of addresses on the day', async (t) => {
  for (const dialect of names.filter((name) => /-ip|feed/.test(name))) {
    const lists = ['2018-11-21T23:59:59Z', '2018-11-22T00:00:00Z'].map(
      (at) => readList(dialect, textOf(dialect, { document: clearswift, at, slice: 'out-tcp-80' })).values
    )
    t.strictSame(
      lists.map((values) => retiring.filter((value) => values.includes(value)).length),
      [6, 0],
      dialect
    )
  }
})

t.test('an empty list holds an inert entry, unless none is asked for, and says so', async (t) => {
  const empty = { document: everything, slice: 'out-tcp-9' }
  const list = (format: string, wanted: Wanted = {}) => rendered(format, { ...empty, ...wanted })
  t.equal(Buffer.from(list('edl-url').body).toString(), 'placeholder.invalid/\n')
  t.equal(Buffer.from(list('fortinet-ip').body).toString(), '192.0.2.1\n')
  t.equal(list('fortinet-ip').report.placeholder, 1)
  t.equal(list('checkpoint-feed').report.placeholder, 1)
  t.equal(list('edl-ip', { empty: 'none' }).body.byteLength, 0)
  t.equal(list('edl-ip', { empty: 'none' }).report.placeholder, 0)
  t.equal(rendered('checkpoint-feed', { slice: 'out-tcp-80_443' }).report.placeholder, 0)
})

t.test('a list of names leaves out what peers that connect to the product are called', async (t) => {
  const { report } = rendered('edl-domain', { slice: 'both-tcp-25' })
  t.strictSame([report.entries, report.placeholder], [0, 1])
  const inbound = rendered('edl-url', { slice: 'in-tcp-22_8000-8100' })
  t.strictSame(
    inbound.report.omissions.map(({ reason }) => reason),
    ['address', 'role']
  )
})

t.test('the grammar refuses what no device reads as it is meant', async (t) => {
  const bad: readonly (readonly [DialectName, string])[] = [
    ['edl-ip', '198.51.100.256\n'],
    ['edl-ip', '198.51.100.0/33\n'],
    ['edl-ip', '198.51.100.7/32\n'],
    ['edl-ip', '2001:db8::/129\n'],
    ['edl-ip', '# a comment\n198.51.100.7\n'],
    ['edl-ip', '198.51.100.7\n198.51.100.7\n'],
    ['edl-ip', '198.51.100.7\r\n'],
    ['edl-ip', '198.51.100.7'],
    ['edl-ip', ''],
    ['edl-ip', 'www.example.net\n'],
    ['edl-ip', '\n'],
    ['edl-url', 'www.example.net\n'],
    ['edl-url', 'https://www.example.net/\n'],
    ['edl-url', '"www.example.net"/\n'],
    ['edl-url', 'w*.example.net/\n'],
    ['edl-domain', 'www.*.example.net\n'],
    ['edl-domain', '198.51.100.7\n'],
    ['fortinet-domain', 'www.example.net:80\n'],
    ['fortinet-ip', '\ufeff198.51.100.7\n'],
    ['checkpoint-feed', '# remark\nof two lines\n'],
    ['cisco-ip csdac', '0.0.0.0/0\n'],
    ['cisco-ip security-intelligence', '# nothing but comments\n']
  ]
  for (const [dialect, text] of bad)
    t.not(readList(dialect, text).faults.length, 0, `${dialect} ${JSON.stringify(text)}`)
})

t.test('whatever the document, each list says what its view does', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, instant) => {
      const at = new Date(instant).toISOString()
      for (const dialect of names) {
        const { values, faults } = readList(dialect, textOf(dialect, { document, at, slice: 'all', empty: 'none' }))
        const expected = expectedOf(dialect, { document, at })
        if (faults.some((fault) => !fault.startsWith('is empty'))) return false
        if ([...values].sort().join() !== expected.join()) return false
      }
      return true
    }),
    { numRuns: runs(60) }
  )
})
