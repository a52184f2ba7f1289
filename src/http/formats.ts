import Type from 'typebox'
import { transports } from '../domain/document.ts'
import type { Expression } from '../domain/expression.ts'
import type { Format } from '../render/format.ts'
import { formats } from '../render/formats.ts'
import { sendAnswer } from './answer.ts'
import { FormatSchema } from './export-schema.ts'
import { readHeaders } from './header-schema.ts'
import type { RouteContext } from './reading.ts'
import { listSchema, strict } from './schema-words.ts'
import { NoQuerySchema, readAnswers } from './schemas.ts'
import type { App } from './type-provider.ts'

export function formatRoutes(app: App, routing: RouteContext): void {
  const { catalogues } = routing

  app.get(
    '/v1/formats',
    {
      schema: {
        operationId: 'listFormats',
        summary: 'The export formats, and what each can and cannot say',
        description: 'All of them, unpaged.',
        tags: ['exports'],
        querystring: NoQuerySchema,
        response: readAnswers(
          'The formats',
          Type.Object({ items: listSchema(FormatSchema, 1000) }, { ...strict, title: 'FormatList' }),
          readHeaders,
          ['unknown_parameter', 'insufficient_scope']
        )
      }
    },
    async (request, reply) =>
      sendAnswer(routing, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        headers: { 'portolan-seq': String(catalogues.heads.seq), 'portolan-epoch': catalogues.store.epoch },
        isImmutable: false,
        stamp: catalogues.heads.seq,
        render: async () => JSON.stringify({ items: formats.map(formatJson) })
      })
  )
}

/** What a table says of a row is everything. */
const everything: Expression = {
  targets: { address: 'exact', host: 'exact', wildcard: 'exact', role: 'exact', feed: 'exact', any: 'exact' },
  directions: ['inbound', 'outbound'],
  transports,
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true
}

export function formatJson(format: Format): object {
  const { name, title, description, kind, mediaType, extension, modes, parts } = format
  const { targets, directions, ...expression } = kind === 'table' ? everything : format.expression
  const exactness = (kind: keyof typeof targets) =>
    targets[kind] === undefined ? 'no' : targets[kind] === 'exact' ? 'exact' : 'wider'
  return {
    name,
    title,
    description,
    kind,
    mediaType,
    extension,
    ...(modes && { modes }),
    ...(parts && { parts }),
    ...(kind !== 'table' && { aggregate: format.aggregate }),
    ...(kind === 'list' && { empty: format.empty }),
    expresses: {
      address: exactness('address'),
      host: exactness('host'),
      wildcard: exactness('wildcard'),
      role: exactness('role'),
      feed: exactness('feed'),
      any: exactness('any'),
      directions,
      transports: expression.transports,
      ports: expression.hasPorts,
      sourcePorts: expression.hasSourcePorts,
      icmpTypes: expression.hasIcmpTypes
    }
  }
}
