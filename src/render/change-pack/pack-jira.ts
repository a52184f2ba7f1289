import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { summaryOf } from '../../domain/change-pack/summary.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { type PackWindow, windowsOf } from './pack-window.ts'

/** What Jira takes as a summary, in characters. */
const longestSummary = 255

/**
 * A task for each window: the body of `POST /rest/api/3/issue/bulk` of Jira, which takes fifty at a time. The project is the caller's to add;
 * who posts again finds the earlier tasks by their label.
 */
export function packJira(pack: SubjectPack, base: string) {
  return { issueUpdates: windowsOf(pack, base).map((window) => issueOf(window, pack)) }
}

function issueOf(window: PackWindow, pack: SubjectPack) {
  const { title, begins, ends, step } = window
  const summary = [...`${title} for ${pack.product}`]
  return {
    fields: {
      summary:
        summary.length <= longestSummary ? summary.join('') : `${summary.slice(0, longestSummary - 1).join('')}…`,
      issuetype: { name: 'Task' },
      description: description(window, pack),
      // What is closed is due on the day from which it may be closed.
      duedate: formatInstant(window.do === 'open' ? ends : begins).slice(0, 10),
      labels: ['portolan', `portolan-${pack.id}`]
    },
    properties: [{ key: 'portolan', value: { pack: pack.id, step } }]
  }
}

/** The Atlassian Document Format: version 3 of the API refuses a string. */
function description({ begins, ends, rows, conditions, checks, after, backout }: PackWindow, pack: SubjectPack) {
  const reason = pack.reason === undefined ? [] : [pack.reason]
  const first = after.length > 0 ? [`Not before steps ${after.join(', ')} of the change pack are done.`] : []
  const only = conditions.length > 0 ? [`Only where this holds: ${conditions.join(' ')}`] : []
  const window = `From ${formatInstant(begins)} to ${formatInstant(ends)}.`
  const check = checks.length > 0 ? [paragraph('Check:'), list(checks)] : []
  return {
    type: 'doc',
    version: 1,
    content: [
      ...[summaryOf(pack), ...reason, window, ...first, ...only].map(paragraph),
      list(rows),
      ...check,
      paragraph(`Back out: ${backout}`)
    ]
  }
}

function paragraph(text: string) {
  return { type: 'paragraph', content: [{ type: 'text', text }] }
}

function list(lines: readonly string[]) {
  return { type: 'bulletList', content: lines.map((line) => ({ type: 'listItem', content: [paragraph(line)] })) }
}
