import Type, { type TSchema } from 'typebox'
import { InstantSchema } from '../../domain/text.ts'
import { EpochSchema, LinkSchema, RevisionNumberSchema, SeqSchema } from './schema-words.ts'

export type HeaderSchemas = Readonly<Record<string, TSchema>>

const line = (description: string, maxLength = 1000) => Type.String({ maxLength, description })
const instant = (description: string) => ({ ...InstantSchema, description })

/** The header fields of every answer that cost units. */
export const limitHeaders: HeaderSchemas = {
  'RateLimit-Policy': line(
    'How many units the client has (`q`) in how many seconds (`w`), draft-ietf-httpapi-ratelimit-headers. Absent on answers that cost nothing',
    100
  ),
  RateLimit: line('How many units are left (`r`), and in how many seconds all are there again (`t`)', 100)
}

/** The header fields of a read across catalogues. */
export const readHeaders: HeaderSchemas = {
  ETag: line('Strong. Depends on the representation and on the query without its clocks', 200),
  'Cache-Control': line(
    '`max-age` never runs past the next transition; `immutable` where nothing can change the answer',
    100
  ),
  'CDN-Cache-Control': line(
    'RFC 9213: the same for caches that clients share, and for how long they may give an old answer while they ask for a new one or the service is away (RFC 5861). No time runs past the next transition. Absent where only the client may keep the answer, or where nothing can change it',
    100
  ),
  Vary: line('The header fields of the request that the answer depends on', 200),
  'Portolan-Seq': { ...SeqSchema, description: 'The newest event that the answer contains' },
  'Portolan-Epoch': EpochSchema
}

/** The header fields of a page. */
export const pageHeaders: HeaderSchemas = {
  ...readHeaders,
  Link: line(
    'RFC 8288: `rel="next"` leads to the next page, `rel="memento"` to the URL that answers the same for ever',
    40_000
  )
}

const revision = { ...RevisionNumberSchema, description: 'Number of the revision that was read' }
export const lastModified = line(
  'The later of two instants: when the revision was recorded, and the last transition. It is absent in that second itself. `If-Modified-Since` with this very date is answered with 304',
  40
)
const validity = {
  'Portolan-Valid-From': instant('The transition at which the view began to hold; absent if there was none'),
  'Portolan-Valid-Until': instant('The next announced transition; absent if none is announced')
}

/** The header fields of an answer about a site, in the place of those about one catalogue. */
export function headersOfSite(headers: HeaderSchemas): HeaderSchemas {
  return {
    ...headers,
    'Portolan-Site-Revision': { ...RevisionNumberSchema, description: 'Number of the revision of the site' },
    'Portolan-Revision': {
      ...RevisionNumberSchema,
      description: 'Number of the revision of the catalogue, where the site takes one alone'
    }
  }
}

/** The header fields of a difference. */
export const diffHeaders: HeaderSchemas = {
  ...readHeaders,
  'Portolan-Revision': { ...revision, description: 'Number of the later revision' },
  'Last-Modified': lastModified
}

/** The header fields of an answer about one catalogue that does not move with the clock. */
export const documentHeaders: HeaderSchemas = {
  ...pageHeaders,
  'Portolan-Revision': revision,
  'Last-Modified': lastModified
}

/** The header fields of a list that a client may wait for. */
export const awaitedHeaders: HeaderSchemas = {
  ...pageHeaders,
  'Preference-Applied': line('RFC 7240: the wait that was granted', 20)
}

/** The header fields of a view. */
export const viewHeaders: HeaderSchemas = {
  ...documentHeaders,
  ...validity
}

/** The header fields of a part of a view. */
export const viewPartHeaders: HeaderSchemas = {
  ...viewHeaders,
  'Portolan-Feeds': line(
    'With `resolve=feeds`, where the catalogue refers to feeds: how many references that the filters leave are `resolved`, `unresolved` and `unbounded`; the last two are left out. A Dictionary, RFC 9651',
    200
  )
}

/** The header fields of an export. */
export const exportHeaders: HeaderSchemas = {
  ...viewHeaders,
  'Portolan-Export-Report': line(
    'How many entries the export has, how many were left out or widened, how many are placeholders, how many requirements name no endpoint, and, where the catalogue refers to feeds, how many references are unresolved: a Dictionary, RFC 9651',
    200
  ),
  'Content-Disposition': line('A file name for the export', 300)
}

/** The header fields of an answer about several catalogues that no cache may keep. */
export const sharedAuditHeaders: HeaderSchemas = {
  'Portolan-Seq': { ...SeqSchema, description: 'The newest event that the answer contains' },
  'Portolan-Epoch': EpochSchema,
  Link: line('`rel="next"`: the next page', 20_000)
}

/** The header fields of an answer about a view that no cache may keep. */
export const auditHeaders: HeaderSchemas = {
  ...sharedAuditHeaders,
  'Portolan-Revision': revision,
  ...validity
}

/** The header fields of an answer to a publish. */
export const publishHeaders: HeaderSchemas = {
  ETag: line('ETag of the document as JSON: the next publish sends it as `If-Match`', 200),
  'Portolan-Revision': { ...RevisionNumberSchema, description: 'Number of the newest revision' },
  'Portolan-Seq': { ...SeqSchema, description: 'The newest event of the catalogue' },
  'Portolan-Epoch': EpochSchema
}

/** The header fields of an answer to a publish that made a revision. */
export const publishedHeaders: HeaderSchemas = {
  ...publishHeaders,
  Location: { ...LinkSchema, description: 'The new revision' }
}
