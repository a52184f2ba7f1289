import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { publishDocument } from '../../../../src/catalogue/publishing/publish.ts'
import type { Document } from '../../../../src/domain/document/document.ts'
import { guardRails } from '../../../../src/domain/history/revision.ts'
import type { MirrorObject } from '../../../../src/domain/mirror/mirror.ts'
import { formatInstant } from '../../../../src/domain/time/instant.ts'
import type { View } from '../../../../src/domain/view/view.ts'
import { arbitraryDocument, grid } from '../../../domain/document/support/arbitrary-document.ts'
import type { TestApp } from '../../../support/app.ts'
import { Mirror } from './mirror.ts'

/** Filters that take and leave requirements, endpoints, and requirements because of their endpoints. */
const filters = [
  '',
  'status=all',
  'status=active',
  'tag=updates',
  'requirement=alpha&requirement=beta.new',
  'direction=outbound&kind=address',
  'kind=host&kind=role&status=retiring&status=active',
  'family=ipv6&status=all',
  'port=443&status=planned'
]
const types = ['', 'type=endpoint', 'type=requirement&type=endpoint']

type Step =
  | { readonly do: 'publish'; readonly which: 0 | 1; readonly document: Document }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'round'; readonly limit: number; readonly between: Step | undefined }
  /** The client applies some pages and is broken off. */
  | { readonly do: 'break'; readonly limit: number; readonly pages: number }
  | { readonly do: 'filter'; readonly query: string }

const wait = fc.constantFrom(1, 86_400_000, 31 * 86_400_000, 45 * 86_400_000)
const publish: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('publish'),
  which: fc.constantFrom(0, 1),
  document: arbitraryDocument
})
const query = fc
  .tuple(fc.constantFrom(...filters), fc.constantFrom(...types))
  .map((parts) => parts.filter((part) => part !== '').join('&'))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: publish },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), milliseconds: wait }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('round'),
      limit: fc.constantFrom(1, 3, 1000),
      between: fc.option(publish, { nil: undefined })
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('break'),
      limit: fc.constantFrom(1, 3),
      pages: fc.integer({ min: 1, max: 3 })
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('filter'), query }) }
)

/** What authors, the clock and a client may do, one after the other. */
export const stories = fc.record({
  query,
  first: fc.tuple(arbitraryDocument, arbitraryDocument),
  steps: fc.array(step, { minLength: 3, maxLength: 14 })
})
export type Story = typeof stories extends fc.Arbitrary<infer T> ? T : never

/** Plays a story on catalogues of its own: after every finished round the mirror is the view, and its digest agrees. */
export async function play(app: TestApp, name: string, { query, first, steps }: Story): Promise<void> {
  const { clock } = app
  clock.now = Date.parse(grid[0] ?? '') - 86_400_000
  const catalogues = [`${name}-a`, `${name}-b`] as const
  const newMirror = (query: string) =>
    new Mirror(
      app.request,
      [query, ...catalogues.map((id) => `catalogue=${id}`)].filter((part) => part !== '').join('&')
    )
  let asked = query
  let mirror = newMirror(asked)
  const take = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'publish':
        return publishAs(app, catalogues[step.which], step.document)
      case 'wait':
        clock.now += step.milliseconds
        return
      case 'filter':
        if (mirror.cursor !== undefined && step.query !== asked) {
          const refused = await app.request(newMirror(step.query).url(mirror.cursor))
          assert.equal(refused.json().code, 'cursor_mismatch')
        }
        asked = step.query
        mirror = newMirror(asked)
        return
      case 'break':
        mirror.limit = step.limit
        await mirror.round({ pages: step.pages })
        return
      case 'round': {
        const began = clock.now
        const revisions = await newest(app, catalogues)
        mirror.limit = step.limit
        const { between } = step
        await mirror.round({
          between: async () => {
            if (!between) return
            clock.now += 86_400_000
            await take(between)
          }
        })
        for (const [index, id] of catalogues.entries())
          await compare(app, mirror, asked, `${id}?asOf=${revisions[index]}&effectiveAt=${formatInstant(began)}`)
        return
      }
      default:
        throw new Error(`unknown step ${step satisfies never}`)
    }
  }
  for (const [index, document] of first.entries()) await publishAs(app, catalogues[index === 0 ? 0 : 1], document)
  for (const each of [...steps, { do: 'round', limit: 1000, between: undefined } as const]) await take(each)
}

async function newest({ catalogues }: TestApp, ids: readonly string[]): Promise<readonly (number | undefined)[]> {
  return ids.map((id) => catalogues.heads.get(id)?.revision.number)
}

/** Publishes whatever the head is and the guard rails say. */
export async function publishAs({ catalogues }: TestApp, id: string, document: object): Promise<void> {
  await publishDocument(catalogues, {
    catalogue: id,
    manuscript: { bytes: Buffer.from(JSON.stringify({ ...document, id })), notation: 'json', id },
    precondition: { kind: 'any' },
    overrides: guardRails,
    reason: 'a story',
    isDryRun: false
  })
}

/** Holds the mirror of one catalogue against the view that REST answers for the same moment. */
async function compare({ request }: TestApp, mirror: Mirror, query: string, path: string): Promise<void> {
  const [id = ''] = path.split('?')
  const filter = query.split('&').filter((part) => part !== '' && !part.startsWith('type='))
  const view = (await request(`/v1/catalogues/${[path, ...filter].join('&')}`)).json<View>()
  const wanted = new Set(query.split('&').flatMap((part) => (part.startsWith('type=') ? [part.slice(5)] : [])))
  const isWanted = (type: string) => wanted.size === 0 || wanted.has(type)
  const { requirements, validFrom: _, validUntil: __, ...catalogue } = view
  const expected = [
    ...(isWanted('catalogue') ? [catalogue] : []),
    ...requirements.flatMap(({ endpoints, ...fields }) => [
      ...(isWanted('requirement') ? [fields] : []),
      ...(isWanted('endpoint') ? endpoints.map((endpoint) => ({ ...endpoint, requirement: fields.key })) : [])
    ])
  ]
  const held = [...mirror.objects.values()].flatMap((object) => (catalogueOf(object) === id ? [plain(object)] : []))
  assert.deepEqual(texts(held), texts(expected))
}

const texts = (list: readonly object[]) =>
  list.map((each) => JSON.stringify(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()

/** The object as a view has it. */
function plain(object: MirrorObject): object {
  switch (object.type) {
    case 'catalogue':
      return object.data
    case 'requirement': {
      const { id: _, catalogue: __, servicesText: ___, portsText: ____, ...fields } = object.data
      return fields
    }
    case 'endpoint': {
      const { id: _, key: __, catalogue: ___, requirement, ...endpoint } = object.data
      return { ...endpoint, requirement: requirement.key }
    }
    default:
      throw new Error(`unknown object ${object satisfies never}`)
  }
}

function catalogueOf(object: MirrorObject): string {
  return object.type === 'catalogue' ? object.id : object.data.catalogue.id
}
