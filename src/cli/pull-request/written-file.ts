import { posix } from 'node:path'
import { PortolanError } from '../../domain/errors.ts'
import type { WrittenRequest } from '../../domain/export/export-request.ts'

/** A file of a repository, and the export that it holds. */
export interface WrittenFile {
  /** Below the root of the work tree, with `/`. */
  readonly path: string
  readonly format: string
  /** The parameters that only this export has. The filters and `lead` are those of the whole command. */
  readonly query: WrittenRequest & { readonly lag?: string }
}

const parameters = ['slice', 'part', 'mode', 'aggregate', 'maxExtra', 'limits', 'headroom', 'lag', 'empty', 'wildcards']

/**
 * Reads `PATH=FORMAT`, or `PATH=FORMAT?slice=out-tcp-80&mode=…` with parameters as in a URL.
 * @throws PortolanError `invalid_parameter`
 */
export function readWrittenFile(text: string): WrittenFile {
  const [, path = '', format = '', query = ''] = /^([^=]+)=([\w.-]+)(?:\?(.*))?$/.exec(text) ?? []
  if (format === '') throw refused(`--write ${text} must be PATH=FORMAT or PATH=FORMAT?slice=NAME.`)
  return { path: requireInside(path), format, query: readQuery(text, new URLSearchParams(query)) }
}

/** A path that leads out of the work tree, or into what git keeps there, is never written. */
function requireInside(path: string): string {
  const normal = posix.normalize(path)
  const [first] = normal.split('/')
  if (posix.isAbsolute(normal) || normal.endsWith('/') || ['..', '.', '.git'].includes(first?.toLowerCase() ?? ''))
    throw refused(`${path} must be the path of a file inside the work tree.`)
  return normal
}

function readQuery(text: string, query: URLSearchParams): WrittenFile['query'] {
  const { empty, wildcards, ...others } = Object.fromEntries(query)
  const unknown = [...query.keys()].find((name) => !parameters.includes(name))
  if (unknown !== undefined)
    throw refused(
      `--write ${text}: ${unknown} is none of ${parameters.join(', ')}. Filters are options of the command.`
    )
  return {
    ...others,
    ...(empty !== undefined && { empty: oneOf(text, empty, ['placeholder', 'none']) }),
    ...(wildcards !== undefined && { wildcards: oneOf(text, wildcards, ['omit', 'apex']) })
  }
}

function oneOf<T extends string>(text: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw refused(`--write ${text}: ${value} must be one of ${choices.join(', ')}.`)
  return found
}

function refused(detail: string): PortolanError {
  return new PortolanError('invalid_parameter', detail)
}
