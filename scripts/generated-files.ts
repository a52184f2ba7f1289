import { pino } from 'pino'
import type { TSchema } from 'typebox'
import { buildApp } from '../src/app.ts'
import { Cache } from '../src/catalogue/cache.ts'
import { Drafting } from '../src/catalogue/drafting.ts'
import { Heads } from '../src/catalogue/heads.ts'
import { Keys } from '../src/catalogue/keys.ts'
import { DocumentInputSchema, DocumentSchema } from '../src/domain/document.ts'
import { AuditSchema, DiffSchema, EventSchema, ProblemSchema, RevisionWithChangesSchema } from '../src/http/schemas.ts'
import { ViewSchema } from '../src/http/view-schema.ts'
import { openStore } from '../src/store/open.ts'

/** What is published for those who read, write or check our JSON without our code. */
const published: Readonly<Record<string, { readonly title: string; readonly schema: TSchema }>> = {
  'document-input': { title: 'A document as authors write it', schema: DocumentInputSchema },
  document: { title: 'A document in canonical form', schema: DocumentSchema },
  view: { title: 'A view: a document read at an instant', schema: ViewSchema },
  revision: { title: 'A revision with its changes', schema: RevisionWithChangesSchema },
  diff: { title: 'The difference of two revisions or views', schema: DiffSchema },
  audit: { title: 'What a firewall has, held against a view', schema: AuditSchema },
  event: { title: 'An entry of the log', schema: EventSchema },
  problem: { title: 'An error', schema: ProblemSchema }
}

/** Path and text of every generated file. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const [name, { title, schema }] of Object.entries(published)) {
    const { $id: _, ...rest }: Record<string, unknown> = JSON.parse(JSON.stringify(schema))
    const document = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:portolan:schema:1:${name}`,
      ...rest,
      title
    }
    files.set(`schema/${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`)
  }
  files.set('openapi/portolan.json', `${JSON.stringify(sorted(await openApiDocument()), null, 2)}\n`)
  return files
}

async function openApiDocument(): Promise<object> {
  const store = await openStore('sqlite::memory:')
  const now = () => 0
  const heads = new Heads(store, () => {})
  const app = await buildApp({
    catalogues: {
      store,
      heads,
      cache: new Cache(1),
      drafting: new Drafting(),
      noticeDays: 0,
      now,
      random: (count) => new Uint8Array(count)
    },
    keys: new Keys(store, now),
    readAccess: 'public',
    log: pino({ level: 'silent' }),
    readiness: { isReady: true }
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  await store.close()
  return document
}

/** Members by name, so that a difference of two versions is what changed. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)])
  )
}
