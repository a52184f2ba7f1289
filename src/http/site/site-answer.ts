import type { FastifyReply, FastifyRequest } from 'fastify'
import { tagOf } from '../../domain/read/etag.ts'
import type { StoredSiteRevision } from '../../store/store.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, type RouteContext } from '../answer/send-point.ts'

interface SiteRead {
  readonly revision: StoredSiteRevision
  /** The canonical query without its clocks. It also names the operation. */
  readonly query: string
  readonly representation?: string
  readonly contentType?: string
  readonly link?: string | undefined
  /** Whether nothing can lead to another answer. */
  readonly isPinned: boolean
  readonly render: () => string | Promise<string>
}

/** Answers a read of the history of one site. No clock changes it. */
export function sendSiteRead(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    revision,
    query,
    representation = 'json',
    contentType = 'application/json; charset=utf-8',
    link,
    isPinned,
    render
  }: SiteRead
) {
  const { store, heads } = context.catalogues
  return sendAnswer(context, request, reply, {
    contentType,
    representation,
    tag: tagOf({ revision, query, representation }),
    base: baseOf(context, request),
    headers: {
      'portolan-site-revision': String(revision.number),
      ...logHeaders(revision.seq, store.epoch),
      ...(link !== undefined && { link })
    },
    changed: revision.recordedAt,
    isImmutable: isPinned,
    stamp: heads.seq,
    render: async () => render()
  })
}
