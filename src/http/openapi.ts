import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'

/** What the OpenAPI document says beside the routes. */
export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Portolan',
      version: '1.0.0',
      summary: 'What products need from the network, versioned and dated',
      description:
        'The authoritative catalogue of hostnames, addresses, ports and directions that products need, with its change history. Every read of a view takes two clocks: `asOf` (what had been published) and `effectiveAt` (what holds).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: 'Portolan', url: 'https://portolan.example' }
    },
    servers: [{ url: 'http://127.0.0.1:8080', description: 'As started by npm start' }],
    tags: [
      { name: 'catalogues', description: 'Views of catalogues, at two times' },
      { name: 'history', description: 'Revisions, differences and the timeline' },
      { name: 'lookup', description: 'From an address, name, port or flow to what explains it' },
      { name: 'publishing', description: 'New revisions' },
      { name: 'events', description: 'The log' },
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
  refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`) }
}
