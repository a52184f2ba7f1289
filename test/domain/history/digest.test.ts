import { createHash } from 'node:crypto'
import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { chainLink, documentDigest } from '../../../src/domain/history/digest.ts'
import type { Revision } from '../../../src/domain/history/revision.ts'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryDocument, arbitraryEdit } from '../document/support/arbitrary-document.ts'
import { at, documentOf } from '../document/support/sample.ts'

t.test('a digest is SHA-256 over the canonical form', async (t) => {
  fc.assert(
    fc.property(
      arbitraryDocument,
      (document) =>
        documentDigest(document) ===
        `sha256:${createHash('sha256').update(canonicalJson(document), 'utf8').digest('hex')}`
    )
  )
  t.equal(
    documentDigest(documentOf([])),
    documentDigest(documentOf([], { timeZone: 'UTC' })),
    'a default is written out'
  )
})

/** Every member of every object, in the opposite order. */
function turned<T>(value: T): T {
  const turn = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(turn)
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(
      Object.entries(each)
        .reverse()
        .map(([name, member]) => [name, turn(member)])
    )
  }
  // The same value in another order has the same type.
  return turn(value) as T
}

t.test('it does not depend on the order of members', async () => {
  fc.assert(fc.property(arbitraryDocument, (document) => documentDigest(document) === documentDigest(turned(document))))
})

t.test('documents have the same digest exactly where they have the same content', async () => {
  fc.assert(
    fc.property(
      arbitraryEdit,
      ([before, after]) =>
        (documentDigest(before) === documentDigest(after)) === (canonicalJson(before) === canonicalJson(after))
    )
  )
})

/** Every document that has one text, number or truth value other than this one. */
function* altered(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) for (const other of altered(item)) yield value.with(index, other)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value))
      for (const other of altered(member)) yield { ...value, [name]: other }
  } else yield typeof value === 'string' ? `${value}!` : typeof value === 'number' ? value + 1 : !value
}

t.test('it changes when any field changes', async () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const digests = new Set([documentDigest(document)])
      let count = 1
      for (const other of altered(document)) {
        // Of the same shape, but for one value.
        digests.add(documentDigest(other as Document))
        count += 1
      }
      return digests.size === count
    }),
    { numRuns: runs(20) }
  )
})

const first: Omit<Revision, 'chain' | 'counts' | 'transitions'> = {
  catalogue: 'gateway',
  number: 1,
  label: '1',
  publishedAt: at('2020-01-01'),
  recordedAt: at('2020-01-02'),
  author: 'somebody',
  summary: 'A summary',
  reason: 'A reason',
  reconstructed: false,
  overrides: ['mass_removal'],
  digest: 'sha256:00'
}

t.test('a chain can be verified from its facts alone', async (t) => {
  const second = { ...first, number: 2, digest: 'sha256:11' }
  const links = [chainLink(undefined, first), chainLink(chainLink(undefined, first), second)]
  t.same(links, [chainLink(undefined, structuredClone(first)), chainLink(links[0], structuredClone(second))])
  t.equal(
    links[0],
    `sha256:${createHash('sha256')
      .update(
        '{"author":"somebody","catalogue":"gateway","digest":"sha256:00","label":"1","number":1,"overrides":["mass_removal"],' +
          '"publishedAt":"2020-01-01T00:00:00Z","reason":"A reason","reconstructed":false,' +
          '"recordedAt":"2020-01-02T00:00:00Z","summary":"A summary"}'
      )
      .digest('hex')}`
  )
})

t.test('a chain breaks when anything that it covers is altered, or what came before', async (t) => {
  const link = chainLink(undefined, first)
  const { author: _, reason: _reason, ...without } = first
  const others = [
    { ...first, catalogue: 'other' },
    { ...first, number: 2 },
    { ...first, label: '2' },
    { ...first, publishedAt: first.publishedAt + 1 },
    { ...first, recordedAt: first.recordedAt + 1 },
    { ...first, author: 'nobody' },
    { ...first, authorKey: '0a1b2c3d4e5f' },
    { ...first, summary: 'Another' },
    { ...first, reason: 'Another' },
    { ...first, reconstructed: true },
    { ...first, overrides: [] },
    { ...first, digest: 'sha256:11' },
    without
  ]
  const links = [link, ...others.map((other) => chainLink(undefined, other)), chainLink('sha256:22', first)]
  t.equal(new Set(links).size, others.length + 2)
  const next = { ...first, number: 2 }
  t.not(chainLink(links[1], next), chainLink(link, next), 'an altered past alters what follows')
})
