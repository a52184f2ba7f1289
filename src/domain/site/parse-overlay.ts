import { canonicalValue } from '../document/document-reader.ts'
import { type EndpointKind, valueKey } from '../document/endpoint.ts'
import { quote } from '../json/source-text.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { parsePattern } from '../network/pattern.ts'
import { parseUrlPrefix } from '../network/url-prefix.ts'
import { formatInstant } from '../time/instant.ts'
import type { RequirementNames } from './known-names.ts'
import { type NamedEndpoint, type Overlay, type OverlayAction, OverlayInputSchema } from './site-document.ts'
import type { SiteReader } from './site-reader.ts'

const day = 86_400_000
/** An exception of more than a year and its notice is none. */
const longestOverlay = 400 * day

/** Reads one overlay. Undefined where it has faults, which are then among those of `reading`. */
export function readOverlay(value: unknown, at: string, reading: SiteReader): Overlay | undefined {
  const { faults } = reading
  const before = faults.count
  const fields = reading.fields(OverlayInputSchema, value, at)
  const { id, action } = fields
  const catalogue = reading.catalogueOf(fields.catalogue, at)
  const requirement = fields.requirement
  const about = catalogue === undefined ? [] : reading.about(catalogue)
  if (requirement !== undefined) reading.requirementOf(requirement, about, `${at}/requirement`)
  const until = reading.time(fields.until, `${at}/until`)
  if (until && until.instant > reading.publishedAt + longestOverlay) {
    const latest = formatInstant(reading.publishedAt + longestOverlay)
    faults.add(`${at}/until`, 'out_of_range', `${until.text} is more than 400 days away: ${latest} is the latest`)
  }
  const reason = reading.prose(fields.reason, `${at}/reason`)
  const ticket = reading.title(fields.ticket, `${at}/ticket`)
  const known = requirement === undefined ? [] : reading.requirementNames(about, requirement)
  const endpoint = readNamedEndpoint(fields.endpoint, action, `${at}/endpoint`, known, reading)
  if (fields.endpoint === undefined && (action === 'add' || action === 'extend') && faults.count === before)
    faults.add(`${at}/endpoint`, 'required', `endpoint is required where the action is ${action}`)
  if (faults.count > before || id === undefined || until === undefined || reason === undefined) return undefined
  if (catalogue === undefined || requirement === undefined) return undefined
  const rest = { catalogue, requirement, until: until.text, reason, ticket }
  if (action === 'suppress') return withoutUndefined({ id, action, endpoint, ...rest })
  return action && endpoint ? withoutUndefined({ id, action, endpoint, ...rest }) : undefined
}

function readNamedEndpoint(
  written: NamedEndpoint | undefined,
  action: OverlayAction | undefined,
  at: string,
  known: readonly RequirementNames[],
  reading: SiteReader
): NamedEndpoint | undefined {
  if (written === undefined) return undefined
  const { kind } = written
  if (kind === 'any' || written.value === undefined) {
    if (kind !== 'any') reading.faults.add(`${at}/value`, 'required', `value is required where the kind is ${kind}`)
    else if (written.value !== undefined)
      reading.faults.add(`${at}/value`, 'not_allowed', 'an endpoint of kind any has no value')
  }
  if (action === 'add' && !addable.includes(kind)) {
    const detail = `an overlay adds ${addable.join(', ')}, and no ${kind}`
    reading.faults.add(`${at}/kind`, 'not_one_of', detail)
    return undefined
  }
  const value = written.value === undefined ? undefined : canonicalIn(kind, written.value, `${at}/value`, reading)
  if (kind !== 'any' && value === undefined) return undefined
  const endpoint = withoutUndefined({ kind, value })
  if (action !== undefined && action !== 'add') requireEndpoint(endpoint, action, at, known, reading)
  return endpoint
}

const addable: readonly EndpointKind[] = ['host', 'address', 'pattern', 'url']

/** The value in canonical form, by the rules of its kind. */
function canonicalIn(kind: EndpointKind, text: string, at: string, reading: SiteReader): string | undefined {
  if (kind === 'host') return reading.host(text, at)
  if (kind === 'address') {
    const value = reading.peer(text, at)
    if (value === undefined || /[:/]|^[\d.]+$/.test(value)) return value
    reading.faults.add(at, 'invalid_address', `${quote(text)} is a name: write it with the kind host`)
    return undefined
  }
  if (kind !== 'pattern' && kind !== 'url') return canonicalValue(text)
  const parsed = kind === 'pattern' ? parsePattern(text) : parseUrlPrefix(text)
  if ('value' in parsed) return parsed.value
  reading.faults.add(at, `invalid_${kind}`, `${quote(text)} ${parsed.fault}`)
  return undefined
}

/**
 * Notes an endpoint that the requirement neither has nor had. What a role, a variable or a feed brings is not known here, so addresses and names are
 * not judged where the requirement has one.
 */
function requireEndpoint(
  endpoint: NamedEndpoint,
  action: 'suppress' | 'extend',
  at: string,
  known: readonly RequirementNames[],
  reading: SiteReader
): void {
  const id = valueKey(endpoint)
  const isBrought = endpoint.kind !== 'role' && endpoint.kind !== 'feed' && endpoint.kind !== 'any'
  if (known.length === 0 || (isBrought && known.some(({ bringsOthers }) => bringsOthers))) return
  const having = known.filter(({ endpoints }) => endpoints.has(id))
  if (having.length === 0) {
    const values = known.flatMap(({ endpoints }) =>
      [...endpoints.keys()].map((key) => key.slice(key.indexOf('\n') + 1))
    )
    reading.unknown(
      at,
      'endpoint',
      endpoint.value ?? endpoint.kind,
      values.filter((value) => value !== '')
    )
  } else if (action === 'extend' && !having.some(({ endpoints }) => endpoints.get(id))) {
    const detail = `${endpoint.value ?? endpoint.kind} has no end that could be extended: nothing announces one`
    reading.faults.add(at, 'no_end', detail)
  }
}
