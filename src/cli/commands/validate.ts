import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Command } from 'commander'
import { documentWarnings } from '../../domain/document/document-warnings.ts'
import { faultText, PortolanError } from '../../domain/errors.ts'
import type { Draft } from '../../domain/publishing/draft.ts'
import { invalidDocument, type Manuscript, readDraft } from '../../domain/publishing/draft.ts'
import { placedFindings } from '../../domain/publishing/written-finding.ts'
import { exitCodes, failureText } from '../shell/failure.ts'
import { type FormatOptions, formatOption, readManuscript } from '../shell/manuscript.ts'
import type { Shell } from '../shell/shell.ts'

interface ValidateOptions extends FormatOptions {
  readonly strict?: boolean
  readonly watch?: boolean
}

/** Editors write a file in several steps: what they do within this time is one change. */
const settlingMs = 100

export function validateCommand(program: Command, shell: Shell): void {
  program
    .command('validate')
    .description('Checks documents and reports every fault. It needs no store, so it does not check guard rails.')
    .argument('<file...>', 'documents in YAML or JSON; - for the standard input')
    .addOption(formatOption())
    .option(
      '--strict',
      'also refuse what is often a mistake: hosts that no address serves, ends that have passed, long remarks, tags that stand once'
    )
    .option('--watch', 'check again at each change, until it is stopped')
    .addHelpText('after', '\nExample:\n  $ portolan validate catalogues/*/*.yaml')
    .action(async (files: readonly string[], options: ValidateOptions, command: Command) => {
      if (options.watch && files.includes('-')) command.error('error: the standard input cannot be watched')
      await validateAll(shell, command, files, options)
      if (options.watch) await validateAtChanges(shell, command, files, options)
    })
}

/** Checks again after each change, until the process is stopped. Folders are watched, since editors put a new file in the place of the old one. */
function validateAtChanges(
  shell: Shell,
  command: Command,
  files: readonly string[],
  options: ValidateOptions
): Promise<never> {
  let timer: NodeJS.Timeout | undefined
  const check = () => {
    shell.print('')
    // A file that is being replaced may be gone for a moment, which was told.
    validateAll(shell, command, files, options).catch(() => undefined)
  }
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const names = files.filter((file) => dirname(file) === folder).map((file) => basename(file))
    watch(folder, (_, name) => {
      if (name === null || !names.includes(name)) return
      clearTimeout(timer)
      timer = setTimeout(check, settlingMs)
    })
  }
  return new Promise(() => {})
}

async function validateAll(
  shell: Shell,
  command: Command,
  files: readonly string[],
  options: ValidateOptions
): Promise<void> {
  shell.exitCode = exitCodes.fine
  const manuscripts: (readonly [string, Manuscript])[] = []
  for (const file of files) manuscripts.push([file, await readManuscript(shell, command, file, options)])
  for (const [file, manuscript] of manuscripts) {
    try {
      const draft = requireDraft(manuscript)
      shell.print(`${file}: ${draftText(draft)}`)
      if (options.strict) warn(shell, file, draft)
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error
      shell.exitCode = exitCodes.refused
      shell.io.error(`${file}: ${failureText(error, file)}`)
    }
  }
}

function warn(shell: Shell, file: string, { document, written }: Draft): void {
  const warnings = documentWarnings(document, shell.io.now())
  if (warnings.length === 0) return
  shell.exitCode = exitCodes.refused
  const placed = written ? placedFindings(warnings, written) : warnings
  for (const warning of placed) shell.io.error(`${faultText({ code: 'warning', ...warning }, file)}\n`)
}

/** @throws PortolanError `malformed_body`, `invalid_document` */
export function requireDraft(manuscript: Manuscript): Draft {
  const draft = readDraft(manuscript)
  if ('faults' in draft) throw invalidDocument(draft)
  return draft
}

function draftText({ document: { id, edition, requirements } }: Draft): string {
  const endpoints = requirements.reduce((sum, requirement) => sum + requirement.endpoints.length, 0)
  return `no fault in ${id} ${edition.label}, with ${requirements.length} requirements and ${endpoints} endpoints`
}
