import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import t from 'tap'
import { slicesOf } from '../../../src/domain/export/slice.ts'
import { uuidOf } from '../../../src/render/export/uuid.ts'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readList } from './grammar/lists.ts'
import { liveValues, occasions } from './support/occasions.ts'
import { everything, rendered, renderedText } from './support/rendered.ts'
import { folder, missing, run } from './support/tool.ts'

/** Check Point's "Generic Data Center": name, id and ranges are mandatory. A range is read as in a list of addresses. */
const isFile = formats.default(new Ajv({ allErrors: true })).compile({
  type: 'object',
  additionalProperties: false,
  required: ['version', 'objects'],
  properties: {
    version: { const: '1.0' },
    description: { type: 'string' },
    objects: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'id', 'ranges'],
        properties: {
          name: { type: 'string', minLength: 1 },
          id: { type: 'string', format: 'uuid' },
          description: { type: 'string' },
          ranges: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string' } }
        }
      }
    }
  }
})

interface GdcObject {
  readonly name: string
  readonly id: string
  readonly ranges: readonly string[]
}

function objectsOf(text: string): readonly GdcObject[] {
  // The schema was asked before.
  const { objects } = JSON.parse(text) as { readonly objects: readonly GdcObject[] }
  return objects
}

function faultsOf(text: string): readonly string[] {
  if (!isFile(JSON.parse(text)))
    return (isFile.errors ?? []).map(({ instancePath, message = '' }) => instancePath + message)
  const objects = objectsOf(text)
  const twice = new Set(objects.flatMap(({ name, id }) => [name, id])).size < objects.length * 2
  const ranges = objects.flatMap(
    (object) => readList('edl-ip', object.ranges.map((range) => `${range}\n`).join('')).faults
  )
  return [...(twice ? ['two objects have the same name or id'] : []), ...ranges]
}

for (const { name, document, at } of occasions) {
  t.test(`each slice of ${name} is an object with what holds`, { skip: missing('jq', 'grepcidr') }, async (t) => {
    const text = renderedText('checkpoint-gdc', { document, at })
    t.strictSame(faultsOf(text), [])
    const objects = objectsOf(text)
    const slices = slicesOf(document.requirements)
    t.equal(objects.length, slices.length)
    for (const [index, slice] of slices.entries()) {
      const { addresses } = liveValues({ document, at, slice: slice.name, anyAs: ['0.0.0.0/0', '::/0'] })
      const { name = '', ranges = [] } = objects[index] ?? {}
      t.equal(name, `${document.id} ${slice.name}`)
      t.strictSame([...ranges].sort(), addresses.length > 0 ? addresses : ['192.0.2.1'], name)
    }
    const path = folder(t, { 'gdc.json': text })
    const jq = await run('jq', ['-r', '.objects[].ranges[]', 'gdc.json'], { cwd: path })
    t.equal(jq.code, 0)
    const { stderr } = await run('grepcidr', ['-f', 'list'], { cwd: folder(t, { list: jq.stdout }), input: '' })
    t.equal(stderr, '')
  })
}

t.test('an object keeps its id through publishes and transitions, and when its slice is emptied', async (t) => {
  const at = '2026-11-24T00:00:00Z'
  const ids = (endpoints: readonly string[], rest = {}) =>
    objectsOf(
      renderedText('checkpoint-gdc', {
        document: documentOf(
          [
            requirement(
              'web',
              endpoints.map((value) => ({ kind: 'address', value }))
            )
          ],
          rest
        ),
        at
      })
    ).map(({ id }) => id)
  const [id] = ids(['198.51.100.7'])
  t.strictSame(ids(['198.51.100.8']), [id])
  t.strictSame(ids([]), [id])
  t.not(ids([], { id: 'another' })[0], id)
})

t.test('the ids are UUIDs of version 5', async (t) => {
  // RFC 9562 appendix A.4
  t.equal(uuidOf('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2')
})

t.test('empty=none leaves objects out that have no range, and the report counts those that stand in', async (t) => {
  const all = rendered('checkpoint-gdc')
  const some = objectsOf(renderedText('checkpoint-gdc', { empty: 'none' }))
  t.equal(some.length, slicesOf(everything.requirements).length - all.report.placeholder)
  t.notOk(some.some(({ ranges }) => ranges.includes('192.0.2.1')))
})

t.test('the checks refuse what Check Point would', async (t) => {
  const object = { name: 'a', id: '2ed6657d-e927-568b-95e1-2665a8aea6a2', ranges: ['198.51.100.7'] }
  const file = (...objects: readonly object[]) => JSON.stringify({ version: '1.0', objects })
  t.strictSame(faultsOf(file(object)), [])
  for (const bad of [
    file({ ...object, ranges: [] }),
    file({ ...object, ranges: ['198.51.100.256'] }),
    file({ ...object, ranges: ['198.51.100.0/33'] }),
    file({ ...object, ranges: ['198.51.100.7', '198.51.100.7'] }),
    file({ ...object, id: '1' }),
    file({ ...object, name: '' }),
    file({ ...object, ports: [80] }),
    file(object, object)
  ])
    t.not(faultsOf(bad).length, 0, bad)
})

t.test('whatever the document, the file can be read', async () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryInstant, (document, instant) => {
      const text = renderedText('checkpoint-gdc', { document, at: new Date(instant).toISOString() })
      return faultsOf(text).length === 0
    }),
    { numRuns: runs(60) }
  )
})
