import ipaddr from 'ipaddr.js'
import t from 'tap'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { slicesOf } from '../../../src/domain/export/slice.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { checkedNetwork } from './grammar/network.ts'
import { mutationsOf } from './support/mutation.ts'
import { liveValues, occasions } from './support/occasions.ts'
import { clearswift, renderedText, today, type Wanted } from './support/rendered.ts'

const strict = { additionalProperties: false }
/** The model of aliases of OPNsense: what its import takes. */
const AliasSchema = Type.Object(
  {
    enabled: Type.Literal('1'),
    name: Type.String({ pattern: '^[_a-zA-Z][a-zA-Z0-9][_a-zA-Z0-9]{0,29}$' }),
    type: Type.Union([Type.Literal('network'), Type.Literal('host'), Type.Literal('port')]),
    proto: Type.Literal(''),
    counters: Type.Literal('0'),
    content: Type.String(),
    description: Type.String({ pattern: '^[ 0-9a-zA-Z.,_-]{1,255}$' })
  },
  strict
)
const importSchema = Compile(
  Type.Object(
    { aliases: Type.Object({ alias: Type.Record(Type.String({ pattern: '^[0-9a-f-]{36}$' }), AliasSchema) }, strict) },
    strict
  )
)

interface Read {
  readonly slice: string
  readonly type: 'network' | 'host' | 'port'
  readonly values: readonly string[]
}

/** The aliases of an import, each of whose values is one that OPNsense takes. */
function readAliases(json: string): readonly Read[] {
  const found = Object.values(importSchema.Parse(JSON.parse(json)).aliases.alias)
  if (new Set(found.map(({ name }) => name)).size < found.length) throw new Error('a name twice')
  return found.map(({ type, content, description }) => {
    const values = content === '' ? [] : content.split('\n')
    if (new Set(values).size < values.length) throw new Error('a value twice')
    for (const value of values) check(type, value)
    return { slice: description.split(', ').at(-1) ?? '', type, values }
  })
}

function check(type: Read['type'], value: string): void {
  if (type === 'network') {
    if (value.includes('/')) checkedNetwork(value)
    else if (!ipaddr.isValid(value)) throw new Error(`not an address: ${value}`)
  } else if (type === 'host') {
    if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(value) || /\.\d+$/.test(value)) throw new Error(`not a name: ${value}`)
  } else {
    const [from = 0, to = from, ...others] = value.split(':').map(Number)
    if (others.length > 0 || !(from >= 1 && from <= to && to <= 65535)) throw new Error(`not a port: ${value}`)
  }
}

const aliases = (wanted: Wanted = {}) => renderedText('opnsense-alias', wanted)

/** What the aliases of each slice should have: found by going through the document. */
function expected({ document, at }: Pick<(typeof occasions)[number], 'document' | 'at'>): readonly Read[] {
  return slicesOf(document.requirements).flatMap(({ name: slice, ports }): Read[] => {
    const { addresses, names } = liveValues({ document, at, slice })
    return [
      { slice, type: 'network', values: addresses },
      { slice, type: 'host', values: names.filter((name) => !name.startsWith('*')) },
      ...(ports
        ? [
            {
              slice,
              type: 'port' as const,
              values: ports.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).sort()
            }
          ]
        : [])
    ]
  })
}

const sorted = (list: readonly Read[]) =>
  list.map(({ slice, type, values }) => `${slice} ${type} ${[...values].sort().join(' ')}`).sort()

for (const { name, document, at } of occasions)
  t.test(`the aliases have of ${name} what each slice has`, async (t) => {
    t.strictSame(sorted(readAliases(aliases({ document, at }))), sorted(expected({ document, at })))
  })

t.test('the aliases have what the slices of any document have', async (t) => {
  const at = '2020-01-15T00:00:00Z'
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(sorted(readAliases(aliases({ document, at }))), sorted(expected({ document, at })))
    }),
    { numRuns: runs(100) }
  )
})

t.test('an alias stays the same one when its values change', async (t) => {
  const idsOf = (at: string) => Object.keys(JSON.parse(aliases({ document: clearswift, at })).aliases.alias)
  t.strictSame(idsOf('2018-11-21T23:59:59Z'), idsOf('2018-11-22T00:00:00Z'))
})

t.test('the reader refuses what an import must not say', async (t) => {
  const changes = {
    'an address': ['198.51.100.7', '198.51.100.256'],
    'host bits': ['198.51.100.128/25', '198.51.100.129/25'],
    'a value twice': ['198.51.100.7', '198.51.100.128/25'],
    'a wildcard': ['www.example.net', '*.example.net'],
    'an address among names': ['www.example.net', '192.0.2.1'],
    'a range with a hyphen': ['8000:8100', '8000-8100'],
    'a port': ['8000:8100', '8000:65536'],
    'a name that is too long': ['"ptl_out', '"ptl_xxout'],
    'a name with a hyphen': ['"ptl_', '"ptl-'],
    'a type': ['"network"', '"networkgroup"'],
    'a description with a quote': ['"Portolan, ', '"Portolan\', ']
  } as const
  for (const [name, text] of Object.entries(mutationsOf(aliases({ at: today }), changes)))
    t.throws(() => readAliases(text), name)
})
