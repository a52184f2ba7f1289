import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Impact, impacts } from '../../domain/change/change.ts'
import { directions, type RequirementFields, scopes } from '../../domain/document/document.ts'
import { type EventType, eventTypes } from '../../domain/event/event.ts'
import { type Ordering, orderings, type WebhookFormat, webhookFormats } from '../../domain/webhook/subscription.ts'
import { secretPattern } from '../../domain/webhook/webhook-secret.ts'
import { collectOneOf, collectText } from './filter-options.ts'
import { readSource } from './manuscript.ts'
import type { Shell } from './shell.ts'

/** The definition of a subscription as options. */
export interface DefinitionOptions {
  readonly description?: string
  readonly type?: readonly EventType[]
  readonly catalogue?: readonly string[]
  readonly requirement?: readonly string[]
  readonly tag?: readonly string[]
  readonly scope?: readonly RequirementFields['scope'][]
  readonly direction?: readonly RequirementFields['direction'][]
  readonly impact?: readonly Impact[]
  readonly format?: WebhookFormat
  readonly ordering?: Ordering
  readonly asymmetric?: boolean
  readonly header?: Readonly<Record<string, string>>
}

export function addDefinition(command: Command): Command {
  const texts = (flags: string, description: string) => new Option(flags, description).argParser(collectText)
  const words = (flags: string, values: readonly string[], description: string) =>
    new Option(flags, description).choices(values).argParser(collectOneOf(values))
  return command
    .option('--description <text>', 'description for people')
    .addOption(words('--type <type>', eventTypes, 'type of event'))
    .addOption(texts('--catalogue <id>', 'id of a catalogue'))
    .addOption(texts('--requirement <key>', 'key of a requirement'))
    .addOption(texts('--tag <tag>', 'tag of a requirement'))
    .addOption(words('--scope <scope>', scopes, 'scope of a requirement'))
    .addOption(words('--direction <direction>', directions, 'direction of a requirement; both matches each'))
    .addOption(words('--impact <impact>', impacts, 'what a change means for a firewall'))
    .addOption(new Option('--format <format>', 'how an event is sent').choices([...webhookFormats]))
    .addOption(
      new Option('--ordering <ordering>', 'strict sends one event at a time, none up to four at once').choices([
        ...orderings
      ])
    )
    .option('--asymmetric', 'also sign with the Ed25519 key of the service')
    .addOption(new Option('--header <field>', 'header field to send, as "Name: value"').argParser(collectHeader))
}

/** The argument of commands on one subscription. */
export const subscriptionIdArgument = ['<id>', 'id of the subscription, from subscriptions list'] as const

export interface SecretOptions {
  readonly secretFile?: string
}

/** A secret is no argument, since everybody who lists processes sees those. */
export function secretFileOption(): Option {
  return new Option(
    '--secret-file <file>',
    'file with a secret that the receiver has already, whsec_ and base64; - for the standard input (default: a new one)'
  )
}

export async function readSecretFile(
  shell: Shell,
  command: Command,
  { secretFile }: SecretOptions
): Promise<{ readonly secret?: string }> {
  if (secretFile === undefined) return {}
  const secret = Buffer.from(await readSource(shell, command, secretFile))
    .toString('utf8')
    .trim()
  if (!new RegExp(secretPattern).test(secret))
    command.error(`error: ${secretFile} holds no secret: it must be whsec_ and base64 of 24 to 64 bytes`)
  return { secret }
}

function collectHeader(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const colon = text.indexOf(':')
  if (colon < 1) throw new InvalidArgumentError('It must be "Name: value".')
  return { ...before, [text.slice(0, colon)]: text.slice(colon + 1).trim() }
}

/** The options in the form of a body of REST. */
export function definitionInput(options: DefinitionOptions) {
  const { description, type, catalogue, requirement, tag, scope, direction, impact } = options
  const { format, ordering, asymmetric, header } = options
  const filter = {
    ...(requirement && { requirements: [...requirement] }),
    ...(tag && { tags: [...tag] }),
    ...(scope && { scope: [...scope] }),
    ...(direction && { direction: [...direction] }),
    ...(impact && { impact: [...impact] })
  }
  return {
    ...(description !== undefined && { description }),
    ...(type && { types: [...type] }),
    ...(catalogue && { catalogues: [...catalogue] }),
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(format && { format }),
    ...(ordering && { ordering }),
    ...(asymmetric !== undefined && { asymmetric }),
    ...(header && { headers: { ...header } })
  }
}
