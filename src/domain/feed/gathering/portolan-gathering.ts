import { type Gathering, type GatherRequest, notGathered, requireContent } from './gathering.ts'

/** Asks another service for the document of a catalogue, and for the revision that its ETag names: as `{document, revision}`. */
export function* gatherPortolan({ url, validators }: GatherRequest): Gathering {
  const document = yield { url: below(url, 'document'), validators }
  if (document.kind !== 'content') return document
  const [number] = /\d+/.exec(document.etag ?? '') ?? []
  if (number === undefined) return notGathered('its ETag names no revision')
  const revision = yield* requireContent(below(url, `revisions/${number}`))
  if (revision.kind === 'failed') return revision
  const [first, second] = [document, revision].map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
  return { ...document, bytes: Buffer.from(`{"document": ${first}, "revision": ${second}}`) }
}

/** A URL below that of a catalogue, or of its document. */
function below(text: string, path: string): string {
  const url = new URL(text)
  url.pathname = `${url.pathname.replace(/\/(?:document)?$/, '')}/${path}`
  return url.href
}
