import ipaddr from 'ipaddr.js'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { protocolName } from '../support/protocol-names.ts'
import type { Saying } from '../support/said.ts'

const strict = { additionalProperties: false }
/** The characters that a description of a rule may have, from the reference of IpRange. */
const Description = Type.String({ maxLength: 255, pattern: '^[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]*$' })
const PermissionSchema = Type.Object(
  {
    IpProtocol: Type.String({ pattern: '^(?:tcp|udp|icmp|icmpv6|-1|[0-9]{1,3})$' }),
    FromPort: Type.Optional(Type.Integer()),
    ToPort: Type.Optional(Type.Integer()),
    IpRanges: Type.Optional(Type.Array(Type.Object({ CidrIp: Type.String(), Description }, strict), { minItems: 1 })),
    Ipv6Ranges: Type.Optional(
      Type.Array(Type.Object({ CidrIpv6: Type.String(), Description }, strict), { minItems: 1 })
    )
  },
  strict
)
type Permission = Static<typeof PermissionSchema>
const permissions = Compile(Type.Object({ IpPermissions: Type.Array(PermissionSchema) }, strict))

/** What the rules of a security group say. The same rule twice is a fault, as in the API. */
export function readPermissions(json: string, direction: Saying['direction']): readonly Saying[] {
  const found = permissions.Parse(JSON.parse(json)).IpPermissions.flatMap((permission) => {
    const ipv4 = (permission.IpRanges ?? []).map(({ CidrIp }) => network(CidrIp, 'ipv4'))
    const ipv6 = (permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => network(CidrIpv6, 'ipv6'))
    const isIcmp = permission.IpProtocol.startsWith('icmp')
    if (isIcmp && (permission.IpProtocol === 'icmp' ? ipv6 : ipv4).length > 0) throw new Error('ICMP of another family')
    const said = isIcmp ? readTypes(permission) : readPorts(permission)
    return [...ipv4, ...ipv6].map((value): Saying => ({ direction, source: '*', ...said, kind: 'address', value }))
  })
  const seen = new Set(found.map((saying) => JSON.stringify(saying)))
  if (seen.size < found.length) throw new Error('the same rule twice')
  return found
}

type Said = Pick<Saying, 'transport' | 'ports' | 'icmp'>

function readPorts({ IpProtocol, FromPort, ToPort }: Permission): Said {
  if (IpProtocol === '-1') {
    if (FromPort !== undefined || ToPort !== undefined) throw new Error('ports of every protocol')
    return { transport: 'any', ports: '*', icmp: '*' }
  }
  if (/^\d+$/.test(IpProtocol)) {
    if (FromPort !== undefined || ToPort !== undefined) throw new Error('ports of a protocol that has none here')
    return { transport: protocolName(Number(IpProtocol)), ports: '*', icmp: '*' }
  }
  if (FromPort === undefined || ToPort === undefined) throw new Error('no ports')
  if (FromPort < 0 || FromPort > ToPort || ToPort > 65535) throw new Error(`not ports: ${FromPort}-${ToPort}`)
  const isAll = FromPort === 0 && ToPort === 65535
  const ports = isAll ? '*' : FromPort === ToPort ? `${FromPort}` : `${FromPort}-${ToPort}`
  return { transport: IpProtocol, ports, icmp: '*' }
}

/** The first is the type, the second the code; -1 is all. */
function readTypes({ FromPort = -1, ToPort = -1 }: Permission): Said {
  if (FromPort < -1 || FromPort > 255 || ToPort < -1 || ToPort > 255) throw new Error('not a type')
  if (FromPort === -1 && ToPort !== -1) throw new Error('a code of every type')
  const icmp = FromPort === -1 ? '*' : ToPort === -1 ? `${FromPort}` : `${FromPort}/${ToPort}`
  return { transport: 'icmp', ports: '*', icmp }
}

const EntrySchema = Type.Object({ Cidr: Type.String(), Description }, strict)
const createSchema = Compile(
  Type.Object(
    {
      PrefixListName: Type.String({ minLength: 1, maxLength: 255, pattern: '^(?!com\\.amazonaws)' }),
      AddressFamily: Type.Union([Type.Literal('IPv4'), Type.Literal('IPv6')]),
      MaxEntries: Type.Integer({ minimum: 1 }),
      Entries: Type.Array(EntrySchema, { maxItems: 100 })
    },
    strict
  )
)
const modifySchema = Compile(
  Type.Object({ AddEntries: Type.Array(EntrySchema, { minItems: 1, maxItems: 100 }) }, strict)
)

/** What is wrong with the input of a call that makes or lengthens a prefix list, if anything is. */
export function prefixListFault(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json)
    if (modifySchema.Check(value)) return undefined
    const { Entries, AddressFamily, MaxEntries } = createSchema.Parse(value)
    if (Entries.length > MaxEntries) return 'more entries than places'
    if (MaxEntries > 1000) return 'more places than AWS has'
    const family = AddressFamily === 'IPv4' ? 'ipv4' : 'ipv6'
    const networks = Entries.map(({ Cidr }) => network(Cidr, family))
    return new Set(networks).size < networks.length ? 'an entry twice' : undefined
  } catch (error) {
    return String(error)
  }
}

/** A CIDR of a family, with its prefix and without host bits, as AWS would write it itself. */
function network(text: string, family: 'ipv4' | 'ipv6'): string {
  const [address, prefix] = ipaddr.parseCIDR(text)
  const type = family === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  if (address.kind() !== family) throw new Error(`${text} is not of ${family}`)
  const written = `${type.networkAddressFromCIDR(text)}/${prefix}`
  if (ipaddr.parseCIDR(written)[0].toString() !== address.toString()) throw new Error(`${text} has host bits`)
  return text
}

const domainListSchema = Compile(
  Type.Object(
    {
      RulesSource: Type.Object(
        {
          RulesSourceList: Type.Object(
            {
              Targets: Type.Array(Type.String({ pattern: '^\\.?[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$' }), {
                minItems: 1,
                uniqueItems: true
              }),
              TargetTypes: Type.Array(Type.Union([Type.Literal('TLS_SNI'), Type.Literal('HTTP_HOST')])),
              GeneratedRulesType: Type.Literal('ALLOWLIST')
            },
            strict
          )
        },
        strict
      ),
      StatefulRuleOptions: Type.Object({ RuleOrder: Type.Literal('STRICT_ORDER') }, strict)
    },
    strict
  )
)

/** The targets of a domain list of Network Firewall. */
export function readDomainList(json: string): readonly string[] {
  return domainListSchema.Parse(JSON.parse(json)).RulesSource.RulesSourceList.Targets
}
