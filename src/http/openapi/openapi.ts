import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { packageVersion } from '../../package-version.ts'
import { plainRoute, publishedDocument } from './openapi-document.ts'
import { readExamples } from './openapi-examples.ts'

const description = `The authoritative catalogue of the host names, addresses, ports and directions that products need, with its
change history.

**Two clocks.** Every read of a view takes \`asOf\` (what had been published) and \`effectiveAt\` (what holds). Both default to now.

**Keeping answers.** Every read has a strong \`ETag\`; send it as \`If-None-Match\`. \`Cache-Control\` never lets a copy live past the
next transition. \`HEAD\` gives the header fields of \`GET\`.

**Several processes.** A publish answers \`Portolan-Seq\`. Sent as \`Portolan-Min-Seq\` with a read, over whichever process, the answer knows that event,
or is 503 \`behind\` after one second.

**Keys.** Reads need none, unless the service was started with \`PORTOLAN_READ_ACCESS=key\`. A key that is presented must be valid, even
where none is needed.

**Errors** are RFC 9457 problems with a \`code\`, which never changes. Every operation names its codes. In addition, a path that
does not exist answers 404 \`not_found\`, and a method that a path does not have answers 405 \`method_not_allowed\` with \`Allow\`.`

/** The URL is relative to that of the document, so it is right wherever the service runs. */
function thisService(basePath: string) {
  return { url: `${basePath}/`, description: 'This service, in production as in tests', 'x-internal': false }
}

/** The parts of the OpenAPI document that belong to no route, and how it is put together. `basePath`: that of the base of links. */
export const openApi = (basePath: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Portolan',
      version: packageVersion(),
      summary: 'What products need from the network, versioned and dated',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
    },
    servers: [thisService(basePath)],
    tags: [
      { name: 'catalogues', description: 'Views of catalogues, at two times' },
      { name: 'history', description: 'Revisions, differences and the timeline' },
      { name: 'sites', description: 'What runs where: catalogues bound to the addresses of a site, with revisions' },
      { name: 'lookup', description: 'From an address, name, port or flow to the requirements that explain it' },
      { name: 'exports', description: 'What holds now, in the formats of firewalls and other tools' },
      { name: 'shapes', description: 'What holds now, as other services publish their own: for scripts that exist' },
      { name: 'publishing', description: 'New revisions' },
      { name: 'events', description: 'The log' },
      { name: 'feeds', description: 'Lists of providers that the service fetches by itself' },
      { name: 'subscriptions', description: 'Webhooks: who receives events, and how each delivery ended' },
      { name: 'mirror', description: 'Copies that stay in step with the catalogues, and digests that prove it' },
      { name: 'graphql', description: 'The same content as a graph, for clients that select what they need' },
      { name: 'service', description: 'The service itself' }
    ],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key of this service' },
        basic: { type: 'http', scheme: 'basic', description: 'Any user name, with the key as password' }
      }
    },
    security: [{}, { bearer: [] }, { basic: [] }]
  },
  refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`) },
  transform: ({ schema, url }) => ({ schema: schema && plainRoute(schema), url }),
  transformObject: (document) =>
    'openapiObject' in document ? publishedDocument(document.openapiObject, readExamples()) : document.swaggerObject
})
