import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { TSchema } from 'typebox'
import { DocumentInputSchema, DocumentSchema } from '../src/domain/document/document.ts'
import { openApi30 } from '../src/http/openapi/openapi-3.0.ts'
import { Components, jsonOf, plainSchema, schemaNode, sortMembers } from '../src/http/openapi/openapi-components.ts'
import { withAllExamples } from '../src/http/openapi/openapi-examples.ts'
import { webhookSchemas } from '../src/http/openapi/openapi-webhooks.ts'
import { AuditSchema } from '../src/http/schema/audit-schema.ts'
import { DiffSchema } from '../src/http/schema/diff-schema.ts'
import { EventSchema } from '../src/http/schema/event-schema.ts'
import { RevisionWithChangesSchema } from '../src/http/schema/revision-schema.ts'
import { ProblemSchema } from '../src/http/schema/schemas.ts'
import { ViewSchema } from '../src/http/schema/view-schema.ts'
import { exampleApp } from './example-app.ts'
import { examples } from './examples.ts'
import { exportsGuide } from './format-table.ts'
import { manualPage } from './man-page.ts'
import { readmeWithTables } from './option-table.ts'
import { schemaTypes } from './schema-types.ts'

/** The JSON Schemas that are published for programs that read, write or check our JSON. */
const published: Readonly<Record<string, { readonly title: string; readonly schema: TSchema }>> = {
  'document-input': { title: 'A document as authors write it', schema: DocumentInputSchema },
  document: { title: 'A document in canonical form', schema: DocumentSchema },
  view: { title: 'A view: a document read at an instant', schema: ViewSchema },
  revision: { title: 'A revision with its changes', schema: RevisionWithChangesSchema },
  diff: { title: 'The difference of two revisions or views', schema: DiffSchema },
  audit: { title: 'An audit: the destinations of a firewall compared with a view', schema: AuditSchema },
  event: { title: 'An entry of the log', schema: EventSchema },
  ...Object.fromEntries(
    Object.entries(webhookSchemas).map(([type, schema]) => [`event.${type}`, { title: `A ${type} event`, schema }])
  ),
  problem: { title: 'An error', schema: ProblemSchema }
}

/** Finds packages also where this file was compiled into another tree. */
const packages = createRequire(import.meta.url)

/** The files of packages that pages load. */
const pageFiles: Readonly<Record<string, string>> = {
  'pico.css': '@picocss/pico/css/pico.classless.min.css',
  'htmx.js': 'htmx.org/dist/htmx.min.js'
}

/** The text of every generated file by its path. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const [name, { title, schema }] of Object.entries(published))
    files.set(`schema/${name}.schema.json`, text(standalone(name, title, schema)))
  const made = await examples()
  files.set('openapi/examples.json', text(made))
  files.set('src/graphql/schema-types.ts', await schemaTypes())
  files.set('README.md', readmeWithTables())
  files.set('docs/exports.md', exportsGuide())
  files.set('man/portolan.1', manualPage())
  for (const [name, packaged] of Object.entries(pageFiles))
    files.set(`src/pages/asset/files/${name}`, readFileSync(packages.resolve(packaged), 'utf8'))
  const document = withAllExamples(schemaNode(await openApiDocument()), made)
  files.set('openapi/portolan.json', text(document))
  files.set('openapi/portolan-3.0.json', text(openApi30(document)))
  return files
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** A schema that needs no other file: the schemas that it refers to are in its `$defs`. */
function standalone(name: string, title: string, schema: TSchema): unknown {
  const components = new Components('#/$defs/')
  const { $id: _, ...rest } = schemaNode(components.refer(plainSchema(jsonOf(schema)), true))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:portolan:schema:1:${name}`,
    title,
    ...schemaNode(sortMembers({ ...rest, title })),
    $defs: sortMembers(components.schemas)
  }
}

async function openApiDocument(): Promise<object> {
  const { app, close } = await exampleApp({ isSeeded: false })
  const document = app.swagger()
  await close()
  return document
}
