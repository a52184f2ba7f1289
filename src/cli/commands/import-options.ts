import { basename } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Adapter, AdapterOptions } from '../../domain/feed/adapter.ts'
import type { Select } from '../../domain/feed/select.ts'
import { groupBy } from '../../domain/group.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { evaluateExpression } from '../../work/expression.ts'
import { readSource } from '../shell/manuscript.ts'
import type { Shell } from '../shell/shell.ts'

/** A field of the source and a value, as somebody wrote them. */
interface SelectedValue {
  readonly field: string
  readonly value: string
}

export function selectOption(): Option {
  return new Option(
    '--select <field=value>',
    'take only rows with that value, which may end in *; repeat a field for or, name others for and'
  ).argParser((text: string, collected: readonly SelectedValue[] = []) => {
    const [, field = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
    if (value === '') throw new InvalidArgumentError('It must be a field and a value, such as region=eu-*.')
    return [...collected, { field, value }]
  })
}

/** A field that the source does not have is wrong usage. */
export function selectOf(
  command: Command,
  { name, fields = [] }: Adapter,
  selected: readonly SelectedValue[] = []
): Select | undefined {
  if (selected.length === 0) return undefined
  const known = fields.map((field) => field.name)
  const named = selected.map(({ field, value }) => {
    const found = known.find((each) => each.toLowerCase() === field.toLowerCase())
    if (found !== undefined) return { field: found, value }
    if (known.length === 0) command.error(`error: ${name} has no fields to select by`)
    return command.error(`error: ${name} has no field ${field} to select by: it has ${known.join(', ')}`)
  })
  return Object.fromEntries(
    [...groupBy(named, ({ field }) => field)].map(([field, values]) => [field, values.map(({ value }) => value)])
  )
}

export function lingerOption(): Option {
  return new Option(
    '--linger <duration>',
    'how long what is no longer in a list still holds, in days and hours; P0D: not at all (default: P7D)'
  ).argParser((text: string) => {
    const read = parseDuration(text)
    if ('fault' in read) throw new InvalidArgumentError(`It ${read.fault}.`)
    return read.millis
  })
}

export function feedUrlOption(): Option {
  return new Option(
    '--feed-url <url>',
    "where the list is published, which endpoints of kind feed refer to (default: SOURCE, or the provider's own)"
  ).argParser((text: string) => {
    if (!URL.canParse(text)) throw new InvalidArgumentError('It must be a URL.')
    return text
  })
}

/** The expression of a file, for the adapter that needs one. */
export async function mapOf(
  shell: Shell,
  command: Command,
  { name }: Adapter,
  file: string | undefined
): Promise<AdapterOptions['map']> {
  if (name !== 'json') {
    if (file !== undefined) command.error(`error: --map is for the adapter json, and this is ${name}`)
    return undefined
  }
  if (file === undefined) command.error('error: json needs --map FILE, an expression that makes requirements of it')
  const text = Buffer.from(await readSource(shell, command, file)).toString('utf8')
  return (input) => evaluateExpression(file === '-' ? 'the map' : basename(file), text, input)
}
