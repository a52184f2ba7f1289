import type { Command } from 'commander'
import { PortolanError } from '../../domain/errors.ts'
import type { Draft } from '../../domain/publishing/draft.ts'
import { invalidDocument, type Manuscript, readDraft } from '../../domain/publishing/draft.ts'
import { exitCodes, failureText } from '../shell/failure.ts'
import { type FormatOptions, formatOption, readManuscript } from '../shell/manuscript.ts'
import type { Shell } from '../shell/shell.ts'

export function validateCommand(program: Command, shell: Shell): void {
  program
    .command('validate')
    .description('Checks documents and reports every fault. It needs no store, so it does not check guard rails.')
    .argument('<file...>', 'documents in YAML or JSON; - for the standard input')
    .addOption(formatOption())
    .addHelpText('after', '\nExample:\n  $ portolan validate catalogues/*/*.yaml')
    .action(async (files: readonly string[], options: FormatOptions, command: Command) => {
      const manuscripts: (readonly [string, Manuscript])[] = []
      for (const file of files) manuscripts.push([file, await readManuscript(shell, command, file, options)])
      for (const [file, manuscript] of manuscripts) {
        try {
          shell.print(`${file}: ${draftText(requireDraft(manuscript))}`)
        } catch (error) {
          if (!(error instanceof PortolanError)) throw error
          shell.exitCode = exitCodes.refused
          shell.io.error(`${file}: ${failureText(error, file)}`)
        }
      }
    })
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
