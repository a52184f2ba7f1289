import { PortolanError } from '../domain/errors.ts'
import { type WithoutUndefined, withoutUndefined } from '../domain/json/without-undefined.ts'
import { isOption, type Option, type OptionGroup, options } from './options.ts'
import type { Reader } from './reader.ts'

type Environment = Readonly<Record<string, string | undefined>>

type ConfigOf<Group> = WithoutUndefined<{
  readonly [Field in keyof Group]: Group[Field] extends { readonly read: Reader<infer Value> }
    ? Value
    : ConfigOf<Group[Field]>
}>

/** How the service runs: the fields of the table of options, with what each option reads. Every option has a default that works. */
export type Config = ConfigOf<typeof options>

/** @throws PortolanError `invalid_parameter`, naming the variable. */
export function readConfig(environment: Environment): Config {
  // Each field has the value that its own option reads.
  return readGroup(options, environment) as Config
}

function readGroup(group: OptionGroup, environment: Environment): object {
  const fields = Object.entries(group).map(([field, entry]) => [
    field,
    isOption(entry) ? readOption(entry, environment) : readGroup(entry, environment)
  ])
  return Object.freeze(withoutUndefined(Object.fromEntries(fields)))
}

function readOption({ variable, fallback, empty, isSecret, read }: Option, environment: Environment): unknown {
  const given = environment[variable]
  const text = given === undefined || (given === '' && empty === undefined) ? fallback : given
  const result = read(text)
  if ('value' in result) return result.value
  const got = isSecret ? '' : `, got ${text}`
  throw new PortolanError('invalid_parameter', `${variable} must be ${result.expected}${got}.`)
}
