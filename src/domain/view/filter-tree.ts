import type { EndpointKind, Status } from '../document/endpoint.ts'
import { PortolanError } from '../errors.ts'
import { covers, familyOf, type ParsedAddress, parseAddress, storedAddress } from '../network/address.ts'
import { hostCovers, parseHost } from '../network/host.ts'
import type { Transport } from '../network/protocol.ts'
import { requirementMatches } from './filter.ts'
import type { ViewEndpoint, ViewRequirement } from './view.ts'

/**
 * A filter as a tree, as GraphQL writes it. Fields of one node are joined by AND, and so are operators of one field. Null counts as
 * absent.
 */
type Maybe<T> = T | null | undefined
interface In<T> {
  readonly in?: Maybe<readonly T[]>
}
interface Text extends In<string> {
  readonly eq?: Maybe<string>
  readonly contains?: Maybe<string>
  readonly startsWith?: Maybe<string>
}
interface Tree<T> {
  readonly and?: Maybe<readonly T[]>
  readonly or?: Maybe<readonly T[]>
  readonly not?: Maybe<T>
}

export interface CatalogueFilterTree extends Tree<CatalogueFilterTree> {
  readonly id?: Maybe<Text>
  readonly vendor?: Maybe<Text>
  readonly product?: Maybe<Text>
  readonly version?: Maybe<Text>
  readonly title?: Maybe<Text>
}

export interface RequirementFilterTree extends Tree<RequirementFilterTree> {
  readonly key?: Maybe<Text>
  readonly title?: Maybe<Text>
  readonly scope?: Maybe<In<string>>
  readonly direction?: Maybe<In<string>>
  readonly necessity?: Maybe<In<string>>
  readonly tag?: Maybe<In<string>>
  readonly transport?: Maybe<In<Transport | 'other'>>
  readonly port?: Maybe<{ readonly includes?: Maybe<readonly number[]> }>
  readonly owner?: Maybe<Text>
  readonly component?: Maybe<Text>
  readonly externalId?: Maybe<In<{ readonly namespace: string; readonly value: string }>>
  readonly endpoint?: Maybe<EndpointFilterTree>
}

export interface EndpointFilterTree extends Tree<EndpointFilterTree> {
  readonly kind?: Maybe<In<EndpointKind>>
  readonly value?: Maybe<Text>
  readonly family?: Maybe<In<'ipv4' | 'ipv6'>>
  readonly tag?: Maybe<In<string>>
  readonly status?: Maybe<In<Status>>
  readonly address?: Maybe<{
    readonly contains?: Maybe<string>
    readonly within?: Maybe<string>
    readonly overlaps?: Maybe<string>
  }>
  readonly host?: Maybe<{ readonly matches?: Maybe<string>; readonly within?: Maybe<string> }>
  readonly requirement?: Maybe<RequirementFilterTree>
}

type Test<T> = (value: T) => boolean
type Pair = { readonly requirement: ViewRequirement; readonly endpoint: ViewEndpoint }

/** The test of catalogues by the fields that lists have. */
export function catalogueTest(
  where: Maybe<CatalogueFilterTree>
): Test<Readonly<Record<keyof Omit<CatalogueFilterTree, keyof Tree<0>>, string>>> {
  return compile(where, catalogueTest, ({ id, vendor, product, version, title }) => [
    textOf(id, (item) => item.id),
    textOf(vendor, (item) => item.vendor),
    textOf(product, (item) => item.product),
    textOf(version, (item) => item.version),
    textOf(title, (item) => item.title)
  ])
}

/** The test of requirements. `direction`, `transport` and `port` match as in the filter of a view. */
export function requirementTest(where: Maybe<RequirementFilterTree>): Test<ViewRequirement> {
  return compile(where, requirementTest, (fields) => {
    const { scope, direction, necessity, tag, transport, port, externalId } = fields
    const endpoint = fields.endpoint && endpointTest(fields.endpoint)
    return [
      textOf(fields.key, ({ key }) => key),
      textOf(fields.title, ({ title }) => title),
      textOf(fields.owner, ({ owner }) => owner),
      textOf(fields.component, ({ component }) => component),
      (requirement) =>
        requirementMatches(requirement, {
          ...(scope?.in && { scope: scope.in }),
          ...(direction?.in && { direction: direction.in }),
          ...(necessity?.in && { necessity: necessity.in }),
          ...(tag?.in && { tag: tag.in }),
          ...(transport?.in && { transport: transport.in }),
          ...(port?.includes && { port: port.includes }),
          ...(externalId?.in && { externalId: externalId.in })
        }),
      endpoint && ((requirement) => requirement.endpoints.some((each) => endpoint({ requirement, endpoint: each })))
    ]
  })
}

/** The test of endpoints. It takes retired endpoints only if the filter names a status somewhere. */
export function endpointTest(where: Maybe<EndpointFilterTree>): Test<Pair> {
  const matches = endpointTree(where)
  return namesStatus(where) ? matches : (pair) => pair.endpoint.status !== 'retired' && matches(pair)
}

function endpointTree(where: Maybe<EndpointFilterTree>): Test<Pair> {
  return compile(where, endpointTree, ({ kind, value, family, tag, status, address, host, requirement }) => {
    const inside = requirement && requirementTest(requirement)
    return [
      wordOf(kind, ({ endpoint }) => endpoint.kind),
      textOf(value, ({ endpoint }) => (endpoint.kind === 'any' ? undefined : endpoint.value)),
      tag?.in && (({ endpoint }) => tag.in?.some((name) => endpoint.tags?.includes(name)) === true),
      wordOf(status, ({ endpoint }) => endpoint.status),
      wordOf(family, ({ endpoint }) => (endpoint.kind === 'address' ? familyOf(endpoint.value) : undefined)),
      address && addressTest(address),
      host && hostTest(host),
      inside && ((pair) => inside(pair.requirement))
    ]
  })
}

function namesStatus(where: Maybe<EndpointFilterTree>): boolean {
  if (!where) return false
  const { status, and, or, not } = where
  return Boolean(status?.in) || [...(and ?? []), ...(or ?? []), not].some(namesStatus)
}

function addressTest({ contains, within, overlaps }: NonNullable<EndpointFilterTree['address']>): Test<Pair> {
  const [inner, outer, either] = [contains, within, overlaps].map((text) => (text ? requireAddress(text) : undefined))
  return ({ endpoint }) => {
    if (endpoint.kind !== 'address') return false
    const own = storedAddress(endpoint.value)
    return (
      (!inner || covers(own, inner)) &&
      (!outer || covers(outer, own)) &&
      (!either || covers(own, either) || covers(either, own))
    )
  }
}

function hostTest({ matches, within }: NonNullable<EndpointFilterTree['host']>): Test<Pair> {
  const name = matches ? requireHost(matches) : undefined
  const zone = within ? requireHost(within) : undefined
  return ({ endpoint }) => {
    if (endpoint.kind !== 'host') return false
    const { value } = endpoint
    return (
      (name === undefined || value === name || hostCovers(value, name)) &&
      (zone === undefined || value === zone || hostCovers(zone.startsWith('*.') ? zone : `*.${zone}`, value))
    )
  }
}

/** @throws PortolanError `invalid_parameter` */
export function requireAddress(text: string): ParsedAddress {
  const read = parseAddress(text)
  if ('value' in read) return read
  throw new PortolanError('invalid_parameter', `${JSON.stringify(text)} is not an address or CIDR: it ${read.fault}.`)
}

/** @throws PortolanError `invalid_parameter` */
export function requireHost(text: string): string {
  const read = parseHost(text)
  if ('value' in read) return read.value
  throw new PortolanError('invalid_parameter', `${JSON.stringify(text)} is not a host name: it ${read.fault}.`)
}

function textOf<T>(operators: Maybe<Text>, read: (value: T) => string | undefined): Test<T> | undefined {
  if (!operators) return undefined
  const { eq, contains, startsWith } = operators
  const within = operators.in
  return (value) => {
    const text = read(value)
    if (text === undefined) return false
    return (
      (eq === null || eq === undefined || text === eq) &&
      (!within || within.includes(text)) &&
      (!contains || text.includes(contains)) &&
      (!startsWith || text.startsWith(startsWith))
    )
  }
}

function wordOf<T, V>(operators: Maybe<In<V>>, read: (value: T) => V | undefined): Test<T> | undefined {
  const within = operators?.in
  if (!within) return undefined
  return (value) => {
    const has = read(value)
    return has !== undefined && within.includes(has)
  }
}

/** The test of a node and its branches. An empty node takes everything, and an empty `or` takes nothing. */
function compile<W extends Tree<W>, T>(
  where: Maybe<W>,
  branch: (where: W) => Test<T>,
  fields: (where: W) => readonly Maybe<Test<T>>[]
): Test<T> {
  if (!where) return () => true
  const { and, or, not } = where
  const tests = fields(where).filter((test) => test !== undefined && test !== null)
  const every = and?.map(branch) ?? []
  const some = or?.map(branch)
  const none = not ? branch(not) : undefined
  return (value) =>
    tests.every((test) => test(value)) &&
    every.every((test) => test(value)) &&
    (!some || some.some((test) => test(value))) &&
    !none?.(value)
}
