import fc from 'fast-check'
import type { Document, Requirement } from '../../../src/domain/document/document.ts'
import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import { compareEndpoints } from '../../../src/domain/document/endpoint-order.ts'
import type { NewCatalogueEvent } from '../../../src/domain/event/event.ts'
import type { Revision } from '../../../src/domain/history/revision.ts'
import { toRows } from '../../../src/domain/history/rows.ts'
import { stepBetween } from '../../../src/domain/history/step.ts'
import type { Publication, Store } from '../../../src/store/store.ts'

// Few keys and values, so that documents made apart share most of them. In English order they stand otherwise than by code unit.
const keys = ['a-b', 'ab', 'a.c', 'a1', 'a']
const values: readonly Endpoint[] = [
  { kind: 'host', value: '*.example.net' },
  { kind: 'host', value: 'a-b.example.net' },
  { kind: 'host', value: 'ab.example.com' },
  { kind: 'host', value: 'example.net' },
  { kind: 'address', value: '9.0.0.0/8' },
  { kind: 'address', value: '192.0.2.0/24' },
  { kind: 'address', value: '192.0.2.0' },
  { kind: 'address', value: '2001:db8::' },
  { kind: 'address', value: '2001:db8::/32' },
  { kind: 'pattern', value: '*-b.example.net' },
  { kind: 'pattern', value: 'a.*.example.net' },
  { kind: 'url', value: 'example.net/b/' },
  { kind: 'url', value: 'a-b.example.net/x' },
  { kind: 'role', value: 'syslog-server', title: 'Sammelstelle für Protokolle 😀' },
  { kind: 'feed', value: 'mail', url: 'https://example.net/f', select: { zone: ['b', 'c'], area: ['a'], 1: ['x'] } },
  { kind: 'any' }
]
const early = { until: '2020-02-29T23:59:59.500Z' }
const late = { from: '2021-01-01T00:00:00Z' }

/** One value in a requirement: usually one lifetime, sometimes two. */
const lifetimes = fc
  .record({
    value: fc.constantFrom(...values),
    bounds: fc.constantFrom<readonly Partial<Endpoint>[]>(
      [{}],
      [early],
      [late],
      [{ from: '0001-01-01T00:00:00Z', until: '9999-12-31T23:59:59.999Z' }],
      [early, late],
      [early, { ...late, until: '2022-01-01T00:00:00Z' }]
    ),
    rest: fc.constantFrom<Partial<Endpoint>>(
      {},
      {},
      { remarks: 'Zeile\n"2"', tags: ['eu', 'us'] },
      { replacedBy: ['192.0.2.0'], remarks: 'x' }
    )
  })
  .map(({ value, bounds, rest }) => bounds.map((lifetime) => withRest(value, lifetime, rest)))

/** With members in canonical order: what a kind has of its own, the lifetime, the rest. */
function withRest(value: Endpoint, lifetime: Partial<Endpoint>, rest: Partial<Endpoint>): Endpoint {
  // Lifetimes and remarks belong to every kind.
  return { ...value, ...lifetime, ...rest } as Endpoint
}

const requirements = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom(...keys),
    title: fc.constantFrom('Mail', 'Überwachung'),
    remarks: fc.option(fc.constant('read this'), { nil: undefined }),
    previousKeys: fc.option(fc.constantFrom(['ab'], ['a', 'a1']), { nil: undefined }),
    endpoints: fc.uniqueArray(lifetimes, {
      selector: ([first]) => JSON.stringify([first?.kind, valueIn(first)]),
      maxLength: 8
    })
  }),
  { selector: ({ key }) => key, maxLength: 5 }
)

function valueIn(endpoint: Endpoint | undefined): string | undefined {
  return endpoint && 'value' in endpoint ? endpoint.value : undefined
}

/** Successive documents of one catalogue: rows come, go, come back, change, move and are renamed. */
export const histories: fc.Arbitrary<readonly Document[]> = fc.array(
  fc.record({ title: fc.constantFrom('Gateway', 'Gateway 2'), requirements }).map(({ title, requirements }) =>
    documentOf(
      requirements.map(({ key, title, remarks, previousKeys, endpoints }) => {
        const { endpoints: list, ...fields } = requirementOf(key, endpoints.flat(), title)
        return { ...fields, ...(previousKeys && { previousKeys }), ...(remarks && { remarks }), endpoints: list }
      }),
      { title }
    )
  ),
  { minLength: 1, maxLength: 6 }
)

export function requirementOf(key: string, endpoints: readonly Endpoint[], title = key): Requirement {
  return {
    key,
    title,
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    services: [{ transport: 'tcp', ports: [{ from: 443, to: 443 }] }],
    endpoints: [...endpoints].sort(compareEndpoints)
  }
}

export function documentOf(
  requirements: readonly Requirement[],
  { id = 'gateway', title = 'Gateway', label = '1' }: { id?: string; title?: string; label?: string } = {}
): Document {
  return {
    id,
    title,
    vendor: 'Vendor',
    product: 'Product',
    version: '1',
    timeZone: 'UTC',
    edition: { label, summary: 'what is new' },
    requirements
  }
}

export function addresses(count: number, net = 10): readonly Endpoint[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'address',
    value: `${net}.0.${index >> 8}.${index & 255}`
  }))
}

/** What publishing a document after another writes. Published at the second of its number, recorded a day later. */
export function publicationOf(
  before: Document | undefined,
  after: Document,
  number: number,
  facts: Partial<Revision> = {}
): Publication {
  const revision: Revision = {
    catalogue: after.id,
    number,
    label: after.edition.label,
    publishedAt: number * 1000,
    recordedAt: number * 1000 + 86_400_000,
    summary: after.edition.summary,
    reconstructed: false,
    overrides: [],
    counts: { added: number, removed: 2, changed: 3 },
    digest: `sha256:${after.id}-${number}`,
    chain: `sha256:chain-${number}`,
    transitions: [1000, 2000],
    ...facts
  }
  return {
    revision,
    step: stepBetween(before && toRows(before), toRows(after)),
    events: [eventOf(revision)]
  }
}

export function eventOf(revision: Revision, rest: Partial<NewCatalogueEvent> = {}): NewCatalogueEvent {
  return {
    id: `evt_${revision.catalogue}-${revision.number}`,
    type: revision.number === 1 ? 'catalogue.created' : 'catalogue.revision_published',
    catalogue: revision.catalogue,
    occurredAt: revision.recordedAt,
    effectiveAt: revision.publishedAt,
    lateByMs: 0,
    revision: { number: revision.number, label: revision.label, digest: revision.digest },
    counts: revision.counts,
    changes: [{ op: 'changed', pointer: '/title', before: 'Ä', after: { b: 1, a: 2 }, impact: 'informs' }],
    truncated: false,
    ...rest
  }
}

/** Publishes one after the other, and fails where one is refused. */
export async function publishAll(store: Store, documents: readonly Document[]): Promise<void> {
  for (const [index, document] of documents.entries()) {
    const { kind } = await store.commit(publicationOf(documents[index - 1], document, index + 1))
    if (kind !== 'committed') throw new Error(`revision ${index + 1} met a ${kind}`)
  }
}
