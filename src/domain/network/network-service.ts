import Type, { type Static } from 'typebox'
import type { Frozen } from '../json/frozen.ts'
import { closed, noted } from '../schema-words.ts'
import { applicationPattern, compareText } from '../text.ts'
import { IcmpCodeInputSchema } from './icmp-code.ts'
import { IcmpNumberSchema, IcmpTypeInputSchema } from './icmp-type.ts'
import { compareTransports, type Transport, TransportInputSchema, TransportSchema } from './protocol.ts'

const PortNumber = Type.Integer({ minimum: 1, maximum: 65535 })

export const PortRangeSchema = Type.Object(
  { from: noted(PortNumber, 'The first port', 8000), to: noted(PortNumber, 'The last port', 8100) },
  closed
)

const PortInputSchema = Type.Union([PortNumber, Type.String({ minLength: 1, maxLength: 11 }), PortRangeSchema], {
  examples: [80, '1024-65535']
})

function icmpSchema<IcmpType extends Type.TSchema, IcmpCode extends Type.TSchema>(type: IcmpType, code: IcmpCode) {
  return Type.Object(
    { type, code: Type.Optional(code) },
    { ...closed, description: 'Type and code of an ICMP message', examples: [{ type: 8 }] }
  )
}

function serviceSchema<Transported extends Type.TSchema, Port extends Type.TSchema, Icmp extends Type.TSchema>(
  transport: Transported,
  port: Port,
  icmp: Icmp,
  example: readonly unknown[]
) {
  return Type.Object(
    {
      transport,
      ports: Type.Optional(
        noted(Type.Array(port, { minItems: 1, maxItems: 1000 }), 'Destination ports; absent: all', example)
      ),
      sourcePorts: Type.Optional(
        noted(Type.Array(port, { minItems: 1, maxItems: 1000 }), 'Source ports; absent: all', example)
      ),
      icmp: Type.Optional(icmp),
      application: Type.Optional(
        noted(
          Type.String({ minLength: 1, maxLength: 50, pattern: applicationPattern }),
          'Application protocol, in lower case',
          'https'
        )
      )
    },
    closed
  )
}

export const ServiceSchema = serviceSchema(
  TransportSchema,
  PortRangeSchema,
  icmpSchema(IcmpNumberSchema, IcmpNumberSchema),
  [{ from: 443, to: 443 }]
)

export const ServiceInputSchema = serviceSchema(
  TransportInputSchema,
  PortInputSchema,
  icmpSchema(IcmpTypeInputSchema, IcmpCodeInputSchema),
  [80, '1024-65535']
)

export type PortRange = Frozen<Static<typeof PortRangeSchema>>

export type Service = Frozen<Static<typeof ServiceSchema>>

/** Whether a service reaches addresses of a family. A type of ICMP belongs to one family; `icmp` without a type is that of the address. */
export function reachesFamily(
  { transport, icmp }: { readonly transport: Transport; readonly icmp?: Service['icmp'] | undefined },
  family: 'ipv4' | 'ipv6'
): boolean {
  if (transport === 'icmpv6') return family === 'ipv6'
  return family === 'ipv4' || transport !== 'icmp' || icmp === undefined
}

/** Canonical order: by transport, then ports, source ports, ICMP and application. An absent field, which means all, comes first. */
export function compareServices(a: Service, b: Service): number {
  return (
    compareTransports(a.transport, b.transport) ||
    comparePorts(a.ports, b.ports) ||
    comparePorts(a.sourcePorts, b.sourcePorts) ||
    (a.icmp?.type ?? -1) - (b.icmp?.type ?? -1) ||
    (a.icmp?.code ?? -1) - (b.icmp?.code ?? -1) ||
    compareText(a.application ?? '', b.application ?? '')
  )
}

function comparePorts(a: readonly PortRange[] = [], b: readonly PortRange[] = []): number {
  for (const [index, range] of a.entries()) {
    const other = b[index]
    if (!other) return 1
    const difference = range.from - other.from || range.to - other.to
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const allPorts: readonly PortRange[] = [{ from: 1, to: 65535 }]

/** Whether `others`, taken together, let through everything that a service lets through. */
export function isWithin(service: Service, others: readonly Service[]): boolean {
  const wider = others.filter((other) => isWithinButPorts(service, other))
  return (
    wider.some(({ ports }) => ports === undefined) ||
    holdsPorts(
      wider.flatMap(({ ports = [] }) => ports),
      service.ports
    )
  )
}

/** Whether some ranges, taken together, contain all of `ports`. Absent `ports`: all ports. */
export function holdsPorts(ranges: readonly PortRange[], ports: readonly PortRange[] = allPorts): boolean {
  const sorted = [...ranges].sort((a, b) => a.from - b.from)
  return ports.every(({ from, to }) => {
    let next = from
    for (const range of sorted) {
      if (range.from > next) break
      next = Math.max(next, range.to + 1)
    }
    return next > to
  })
}

function isWithinButPorts({ transport, sourcePorts, icmp }: Service, other: Service): boolean {
  if (other.transport === 'any') return true
  if (other.transport !== transport) return false
  if (other.sourcePorts && !holdsPorts(other.sourcePorts, sourcePorts)) return false
  if (!other.icmp) return true
  return other.icmp.type === icmp?.type && (other.icmp.code === undefined || other.icmp.code === icmp.code)
}
