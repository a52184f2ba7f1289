import { withoutUndefined } from '../../json/without-undefined.ts'
import { readM365Version } from '../provider/m365-parts.ts'
import { type Gathering, type GatherRequest, notGathered, requireContent } from './gathering.ts'

/** The version before all others: its changes are all changes. */
const beforeAll = '0000000000'

/**
 * Asks Microsoft 365 for its version, and only where it is another one for the endpoints and for the changes since the head, at the same origin
 * and with the same path prefix. Where the catalogue has no version yet, only dates that lie ahead say when something begins.
 */
export function* gatherM365({ url, validators, headToken, requestId, at }: GatherRequest): Gathering {
  const place = placeOf(url, requestId)
  if (!place) return notGathered('the URL of the endpoints of Microsoft 365 ends in /endpoints/INSTANCE')
  const version = yield* requireContent(place('version'))
  if (version.kind === 'failed') return version
  const part = { name: 'version', bytes: version.bytes }
  const token = readM365Version({ name: 'the list', bytes: version.bytes, parts: [part] })
  if (token !== undefined && token === validators.version)
    return withoutUndefined({ kind: 'not_modified' as const, status: version.status })
  const endpoints = yield* requireContent(place('endpoints'))
  if (endpoints.kind === 'failed') return endpoints
  const since = headToken !== undefined && /^\d{10}$/.test(headToken) ? headToken : undefined
  const changes = yield* requireContent(place('changes', since ?? beforeAll))
  if (changes.kind === 'failed') return changes
  return withoutUndefined({
    kind: 'content' as const,
    bytes: endpoints.bytes,
    status: endpoints.status,
    version: token,
    parts: [part, { name: 'changes', bytes: changes.bytes }],
    datesAfter: since === undefined ? at : undefined
  })
}

/** The URLs of an instance: each is that of its endpoints, with another method, and perhaps a version. */
function placeOf(text: string, requestId: string): ((...method: readonly [string, string?]) => string) | undefined {
  const { prefix, instance } =
    /^(?<prefix>.*\/)endpoints\/(?<instance>[^/]+)\/?$/i.exec(new URL(text).pathname)?.groups ?? {}
  if (prefix === undefined || instance === undefined) return undefined
  return (method, version) => {
    const url = new URL(text)
    url.pathname = `${prefix}${method}/${instance}${version === undefined ? '' : `/${version}`}`
    for (const name of [...url.searchParams.keys()])
      if (name.toLowerCase() === 'clientrequestid') url.searchParams.delete(name)
    url.searchParams.set('clientrequestid', requestId)
    return url.href
  }
}
