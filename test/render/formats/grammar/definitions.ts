import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { checkedNetwork, checkedPorts } from './network.ts'

/** Tokens with their values, in the order in which they stand. */
export interface Definitions {
  readonly networks: ReadonlyMap<string, readonly string[]>
  /** `80/tcp` */
  readonly services: ReadonlyMap<string, readonly string[]>
}

/** What both languages take for a token. */
const token = /^[-_a-zA-Z0-9]+$/
const name = /^[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?(?:\.[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?)+$/

/**
 * Capirca's files, as its README has them: `TOKEN = value`, further values on lines that begin with blanks, and whatever follows `#` is
 * a comment.
 */
export function readCapirca(net: string, svc: string): Definitions {
  return { networks: readFile(net, checkedNetwork), services: readFile(svc, checkedService) }
}

function readFile(text: string, checked: (value: string) => string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  let values: string[] | undefined
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.split('\n')) {
    const [content = ''] = line.split('#')
    if (content.trim() === '') continue
    const [, left, right] = /^(\S+) = (.*)$/.exec(content) ?? []
    if (left !== undefined) {
      if (!token.test(left)) throw new Error(`not a token: ${left}`)
      if (found.has(left)) throw new Error(`${left} stands twice`)
      values = []
      found.set(left, values)
    } else if (!/^\s/.test(content)) throw new Error(`neither a token nor a value: ${line}`)
    const value = checked((right ?? content).trim())
    if (!values || values.includes(value)) throw new Error(`without a token, or twice: ${line}`)
    values.push(value)
  }
  return found
}

function checkedService(text: string): string {
  const [, from, to, transport] = /^(\d+)(?:-(\d+))?\/(tcp|udp|sctp|dccp)$/.exec(text) ?? []
  if (from === undefined) throw new Error(`not a service: ${text}`)
  return `${checkedPorts(Number(from), to === undefined ? undefined : Number(to))}/${transport}`
}

const strict = { additionalProperties: false }
const comment = Type.Optional(Type.String({ pattern: '^[^\\r\\n]*$' }))
const schema = Compile(
  Type.Object(
    {
      networks: Type.Record(
        Type.String(),
        Type.Object(
          {
            values: Type.Array(
              Type.Union([
                Type.Object({ address: Type.String(), comment }, strict),
                Type.Object({ fqdn: Type.String(), comment }, strict)
              ]),
              { minItems: 1 }
            )
          },
          strict
        )
      ),
      services: Type.Record(
        Type.String(),
        Type.Array(
          Type.Object({ port: Type.Union([Type.Integer(), Type.String()]), protocol: Type.String() }, strict),
          { minItems: 1 }
        )
      )
    },
    strict
  )
)

/** Definitions of Aerleon, with the values judged that its schema leaves open. */
export function checkedAerleon(value: unknown): Definitions {
  const { networks, services } = schema.Parse(value)
  return {
    networks: definitions(networks, ({ values }) =>
      values.map((each) => ('address' in each ? checkedNetwork(each.address) : checkedName(each.fqdn)))
    ),
    services: definitions(services, (values) =>
      values.map(({ port, protocol }) => checkedService(`${port}/${protocol}`))
    )
  }
}

function definitions<Definition>(
  written: Readonly<Record<string, Definition>>,
  read: (definition: Definition) => readonly string[]
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(written).map(([left, definition]) => {
      const values = read(definition)
      if (!token.test(left)) throw new Error(`not a token: ${left}`)
      if (new Set(values).size < values.length) throw new Error(`a value stands twice in ${left}`)
      return [left, values]
    })
  )
}

function checkedName(text: string): string {
  if (!name.test(text)) throw new Error(`not a name: ${text}`)
  return text
}
