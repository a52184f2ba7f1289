import { readFileSync } from 'node:fs'
import { PortolanError } from '../domain/errors.ts'
import { type WithoutUndefined, withoutUndefined } from '../domain/json/without-undefined.ts'
import { clientOptions } from './client-options.ts'
import { requireKnownVariables } from './known-variables.ts'
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

/** @throws PortolanError `invalid_parameter`, naming the variable, also one that there is not. */
export function readConfig(environment: Environment): Config {
  requireKnownVariables(environment)
  // Each field has the value that its own option reads.
  return readGroup(options, environment) as Config
}

/** How the command line reaches a service. @throws PortolanError `invalid_parameter`, naming the variable. */
export function readClientConfig(environment: Environment): ConfigOf<typeof clientOptions> {
  // Each field has the value that its own option reads.
  return readGroup(clientOptions, environment) as ConfigOf<typeof clientOptions>
}

function readGroup(group: OptionGroup, environment: Environment): object {
  const fields = Object.entries(group).map(([field, entry]) => [
    field,
    isOption(entry) ? readOption(entry, environment) : readGroup(entry, environment)
  ])
  return Object.freeze(withoutUndefined(Object.fromEntries(fields)))
}

function readOption(option: Option, environment: Environment): unknown {
  const { variable, fallback, empty, isSecret, read } = option
  const given = textOf(variable, environment)
  const text = given === undefined || (given === '' && empty === undefined) ? fallback : given
  const result = read(text)
  if ('value' in result) return result.value
  const got = isSecret ? '' : `, got ${text}`
  throw new PortolanError('invalid_parameter', `${variable} must be ${result.expected}${got}.`)
}

/** The text of a variable, or that of the file that the variable with `_FILE` at its end names, as container platforms hand secrets over. */
function textOf(variable: string, environment: Environment): string | undefined {
  const [given, path] = [environment[variable], environment[`${variable}_FILE`]]
  if (path === undefined || path === '') return given
  if (given !== undefined)
    throw new PortolanError('invalid_parameter', `${variable} and ${variable}_FILE are both set: set one of them.`)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new PortolanError(
      'invalid_parameter',
      `${variable}_FILE names ${path}, which cannot be read: ${unreadableReason(error)}.`
    )
  }
}

/** What sets a variable before those of an environment, and before the file that one of them names. */
export function overriding(environment: Environment, variable: string, value: string): Record<string, string> {
  const file = `${variable}_FILE`
  return { [variable]: value, ...(environment[file] !== undefined && { [file]: '' }) }
}

function unreadableReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'this user may not read it'
  return error instanceof Error ? error.message : String(error)
}
