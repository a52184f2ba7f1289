import { escapeMarkdown } from '../../render/markdown-text.ts'
import type { ChangeGroup } from './change-groups.ts'
import type { FieldStep } from './change-row.ts'

/** The same as the page, for a ticket or a merge request. */
export function diffMarkdown(sentence: string, groups: readonly ChangeGroup[], url: string): string {
  const lines = groups.flatMap(({ heading, parts }) => [
    '',
    `## ${heading}`,
    '',
    ...parts.flatMap(({ title, rows }) => [
      `- ${escapeMarkdown(title)}`,
      ...rows.map(
        ({ mark, what, fields }) => `    - ${mark} ${escapeMarkdown([what, ...fields.map(stepText)].join(', '))}`
      )
    ])
  ])
  return [escapeMarkdown(sentence), ...lines, '', `<${url}>`, ''].join('\n')
}

function stepText({ name, before, after }: FieldStep): string {
  const step = [before, after].filter((text) => text !== undefined).join(' → ')
  return `${after === undefined ? 'no longer ' : ''}${name} ${step}`.trim()
}
