import { type Instant, parseInstant } from '../../domain/time/instant.ts'
import type { packValue } from '../../render/change-pack/pack-json.ts'

/** A change pack as JSON, from a store or from a service. */
export type PackJson = ReturnType<typeof packValue>

/** The work that begins at one instant. What an export says at that instant is what a firewall has when the work is done. */
export interface PackStage {
  readonly instant: Instant
  readonly message: string
}

/** The line that tells our commits from those of people. */
export const packTrailer = 'Change-Pack'

/** The largest body that GitHub takes is 65,536 characters; the smallest title, that of GitLab and Gitea, 255. */
const mostBody = 60_000
const mostTitle = 255

/**
 * The commits of a change pack: one for each instant at which something is opened or closed, up to `until`. Steps of one instant are one
 * commit, since no export says what holds between them.
 */
export function stagesOf(pack: PackJson, until = Number.POSITIVE_INFINITY): readonly PackStage[] {
  const steps = pack.steps.filter((step) => step.do !== 'verify')
  const times = [...new Set(steps.map(({ notBefore }) => notBefore))]
  return times.flatMap((time) => {
    const instant = instantOf(time)
    return instant === undefined || instant > until
      ? []
      : [
          {
            instant,
            message: messageOf(
              pack,
              steps.filter(({ notBefore }) => notBefore === time)
            )
          }
        ]
  })
}

function instantOf(text: string | undefined): Instant | undefined {
  const parsed = parseInstant(text ?? '')
  return 'fault' in parsed ? undefined : parsed.instant
}

function messageOf(pack: PackJson, steps: PackJson['steps']): string {
  const verbs = [...new Set(steps.map((step) => step.do))].join(' and ')
  const count = new Set(steps.flatMap(({ rows }) => rows.map(({ value, kind }) => value ?? kind))).size
  const subject = `${verbs} ${count} ${count === 1 ? 'value' : 'values'} for ${subjectOf(pack)} from ${steps[0]?.notBefore}`
  const told = steps.map(
    (step) =>
      `Step ${step.n}: ${step.do} not before ${step.notBefore}${step.by === undefined ? '' : `, by ${step.by}`}${step.after ? `, after ${step.after.length === 1 ? 'step' : 'steps'} ${step.after.join(', ')}` : ''}.`
  )
  const trailers = [
    `${packTrailer}: ${pack.id}`,
    `Revision: ${subjectOf(pack)} ${pack.to.revision}`,
    ...(steps.length > 0 ? [`Steps: ${steps.map(({ n }) => n).join(', ')}`] : [])
  ]
  return `${subject.charAt(0).toUpperCase()}${subject.slice(1)}\n\n${told.join('\n')}\n\n${trailers.join('\n')}\n`
}

/** The catalogue or the site that a pack is about. */
function subjectOf({ catalogue = '', site = catalogue }: PackJson): string {
  return site
}

export function requestTitle(pack: PackJson): string {
  const { summary } = pack
  return clip(`${subjectOf(pack)}: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`.replace(/\.$/, ''), mostTitle)
}

/** The Markdown of the pack, with what each file cannot say. */
export function requestBody(markdown: string, files: readonly string[]): string {
  const list = files.length > 0 ? `\n## Files\n\n${files.map((line) => `- ${line}`).join('\n')}\n` : ''
  const room = mostBody - list.length
  if (markdown.length <= room) return `${markdown}${list}`
  const cut = markdown.slice(0, markdown.lastIndexOf('\n', room - 100))
  return `${cut}\n\nThe rest is too long for this text: ask for the change pack.\n${list}`
}

function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
