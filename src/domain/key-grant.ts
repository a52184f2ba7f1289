import Type, { type Static } from 'typebox'
import { type Fault, PortolanError } from './errors.ts'
import { hasScope, type Key, type KeyScope, keyScopes } from './key.ts'
import { isPatternWithin, type Narrowing, NarrowingSchema, narrowingOf } from './narrowing.ts'
import { covers, parseAddress, storedAddress } from './network/address.ts'
import { closed, oneOfWords } from './schema-words.ts'
import { cleanText } from './text.ts'
import { formatInstant, type Instant, parseInstant } from './time/instant.ts'

/** What a key permits, and until when. An absent bound bounds nothing. */
export interface KeyGrant {
  readonly name?: string
  readonly scopes: readonly KeyScope[]
  readonly catalogues?: Narrowing
  readonly cidrs?: readonly string[]
  readonly expiresAt?: Instant
}

const mostCidrs = 100

export const KeyInputSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      examples: ['build server'],
      description: 'Who has the key. It stands with what the key writes, and need not be unique'
    }),
    scopes: Type.Array(oneOfWords(keyScopes), {
      minItems: 1,
      maxItems: keyScopes.length,
      description: 'What it permits'
    }),
    catalogues: Type.Optional(NarrowingSchema),
    cidrs: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 50 }), {
        minItems: 1,
        maxItems: mostCidrs,
        examples: [['198.51.100.0/24']],
        description: 'The addresses from which it may be used. Absent: any'
      })
    ),
    expiresAt: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        examples: ['2027-06-30T00:00:00Z'],
        description: 'An instant from which it is refused. Absent: it does not expire'
      })
    )
  },
  { ...closed, title: 'KeyInput' }
)

/**
 * What a request for a key asks for, in canonical form.
 * @throws PortolanError `invalid_body` with every fault
 */
export function keyGrantOf(
  { name, scopes, catalogues, cidrs, expiresAt }: Static<typeof KeyInputSchema>,
  now: Instant
): KeyGrant {
  const faults: Fault[] = []
  const fault = (pointer: string, detail: string) => void faults.push({ pointer, code: 'invalid_parameter', detail })
  const cleanName = cleanText(name, 'one')
  if ('fault' in cleanName) fault('/name', cleanName.fault)
  const networks = cidrs?.map((text, index) => {
    const read = parseAddress(text)
    if (!('fault' in read)) return read.value
    fault(`/cidrs/${index}`, read.fault)
    return text
  })
  const end = expiresAt === undefined ? undefined : parseInstant(expiresAt)
  if (end !== undefined && 'fault' in end) fault('/expiresAt', end.fault)
  else if (end !== undefined && end.instant <= now) fault('/expiresAt', 'lies in the past')
  if (faults.length > 0)
    throw new PortolanError('invalid_body', 'The key cannot be made; nothing was done.', { faults })
  return {
    ...('text' in cleanName && { name: cleanName.text }),
    scopes: [...new Set(scopes)].sort(),
    ...(catalogues && { catalogues: narrowingOf(catalogues) }),
    ...(networks && { cidrs: [...new Set(networks)].sort() }),
    ...(end && 'instant' in end && { expiresAt: end.instant })
  }
}

/**
 * Nobody gives more than they have: refuses a grant that goes beyond what its giver may do, to which catalogues, from where, or
 * until when.
 * @throws PortolanError `insufficient_scope`
 */
export function requireGrantable(giver: Key, { scopes, catalogues, cidrs, expiresAt }: KeyGrant): void {
  const missing = scopes.find((scope) => !hasScope(giver, scope))
  if (missing !== undefined) throw beyond(giver, `lacks the scope ${missing}`, missing)
  const { catalogues: named } = giver
  if (named && !catalogues) throw beyond(giver, `is narrowed to ${named.join(', ')}, so \`catalogues\` must lie within`)
  const wider = named && catalogues?.find((pattern) => !isPatternWithin(named, pattern))
  if (wider !== undefined) throw beyond(giver, `may not touch the catalogue ${wider}`)
  const { cidrs: own } = giver
  const isWithin = (cidr: string) => own?.some((each) => covers(storedAddress(each), storedAddress(cidr)))
  if (own && !cidrs) throw beyond(giver, `may be used from ${own.join(', ')} only, so \`cidrs\` must lie within`)
  const outside = own && cidrs?.find((cidr) => !isWithin(cidr))
  if (outside !== undefined) throw beyond(giver, `may not be used from ${outside}`)
  if (giver.expiresAt !== undefined && (expiresAt === undefined || expiresAt > giver.expiresAt))
    throw beyond(giver, `ends at ${formatInstant(giver.expiresAt)}, so \`expiresAt\` must be no later`)
}

function beyond({ id }: Key, reason: string, scope: KeyScope = 'keys:manage'): PortolanError {
  return new PortolanError('insufficient_scope', `Nobody gives more than they have: the key ${id} ${reason}.`, {
    extra: { scope }
  })
}
