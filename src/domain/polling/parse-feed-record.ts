import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { guardRails } from '../history/revision.ts'
import { type FeedRecord, fetchOutcomes } from './feed-record.ts'

const text = Type.String()
const instant = Type.Integer()
const count = Type.Integer({ minimum: 0 })
const answered = {
  source: text,
  validators: Type.Object({
    etag: Type.Optional(text),
    lastModified: Type.Optional(text),
    version: Type.Optional(text)
  }),
  digest: text
}
const FeedRecordSchema = Type.Object({
  id: text,
  token: Type.Optional(text),
  accepted: Type.Optional(Type.Object({ ...answered, revision: count })),
  lastFetch: Type.Optional(
    Type.Object({ at: instant, outcome: Type.Enum(fetchOutcomes), status: Type.Optional(Type.Integer()) })
  ),
  lastSuccess: Type.Optional(instant),
  lastChange: Type.Optional(instant),
  failures: count,
  failingSince: Type.Optional(instant),
  reason: Type.Optional(text),
  next: instant,
  pending: Type.Optional(Type.Object({ content: text, firstSeen: instant })),
  behind: Type.Optional(text),
  held: Type.Optional(
    Type.Object({
      content: text,
      since: instant,
      findings: Type.Array(Type.Object({ rule: Type.Enum(guardRails), pointer: text, detail: text })),
      token: Type.Optional(text),
      head: count,
      answered: Type.Object(answered)
    })
  )
})
const validator = Compile(FeedRecordSchema)

/** Undefined where it is no record of a feed. A store may have been edited by hand. */
export function parseFeedRecord(value: unknown): FeedRecord | undefined {
  return validator.Check(value) ? value : undefined
}
