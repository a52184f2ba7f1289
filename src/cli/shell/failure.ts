import { CommanderError } from 'commander'
import { type ErrorCode, faultText, PortolanError } from '../../domain/errors.ts'
import type { GuardRailFinding } from '../../domain/publishing/guard-rail-finding.ts'
import { problemJson } from '../../render/problem-json.ts'
import type { Shell } from './shell.ts'

/** The exit codes of the process. Scripts rely on the first four. */
export const exitCodes = { fine: 0, refused: 1, usage: 2, unreachable: 3, bug: 70 } as const

const usageCodes: readonly ErrorCode[] = [
  'invalid_parameter',
  'missing_parameter',
  'unknown_parameter',
  'invalid_instant'
]

/** No command works on that store as it is, or that service does not answer now: all that is 503 over HTTP. */
const unreachableCodes: readonly ErrorCode[] = [
  ...(['not_ready', 'wrong_schema', 'wrong_secret_key'] as const),
  ...(['busy', 'behind', 'deadline_exceeded'] as const)
]

/** Prints why a command failed. @returns the exit code of the process */
export function reportFailure({ io, isJson, manuscript }: Shell, error: unknown): number {
  // Commander has printed the error already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage
  if (!(error instanceof PortolanError)) {
    io.error(`${error instanceof Error ? error.stack : error}\n`)
    return exitCodes.bug
  }
  io.error(isJson ? `${JSON.stringify(problemJson(error, {}))}\n` : failureText(error, manuscript))
  if (unreachableCodes.includes(error.code)) return exitCodes.unreachable
  return usageCodes.includes(error.code) ? exitCodes.usage : exitCodes.refused
}

/** `file`: the document that has the faults. */
export function failureText(error: PortolanError, file?: string): string {
  if (error.code === 'guard_rail') return guardRailText(findingsOf(error), file)
  const faults = error.faults.map((fault) => `${faultText(fault, file)}\n`)
  return `error: ${messageOf(error)}\n${faults.join('')}`
}

/** The messages name parameters of a URL, which are options here. */
function messageOf({ code, message }: PortolanError): string {
  if (code === 'slice_required')
    return message.replace('Give slice= with', 'Add --slice with').replace('slice=all', '--slice all')
  return message
}

/** The message of the error names parameters of a URL. On the command line, options override a guard rail. */
function guardRailText(findings: readonly GuardRailFinding[], file: string | undefined): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))]
  const lines = findings.map(({ rule, pointer, detail, line, column }) => {
    const place = file === undefined || line === undefined ? '  ' : `${file}:${line}:${column}: `
    return `${place}${rule} ${pointer}: ${detail}\n`
  })
  const override = rules.map((rule) => `--override ${rule}`).join(' ')
  return `error: Refused by ${rules.join(', ')}; nothing was written.\n${lines.join('')}If this is intended, add: ${override} --reason TEXT\n`
}

function findingsOf({ extra }: PortolanError): readonly GuardRailFinding[] {
  // Only publishing throws this error, and it puts its findings there.
  return (extra.findings ?? []) as readonly GuardRailFinding[]
}
