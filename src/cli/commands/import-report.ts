import type { Adapter, Imported } from '../../domain/feed/adapter.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { Shell } from '../shell/shell.ts'

/** What is taken of the source, before it is: the columns, and what had to be decided. */
export function importText(shell: Shell, name: string, imported: Imported): string {
  const { columns, notes } = imported
  const requirements = takenRequirements(imported)
  const taken = columns.map(({ heading, field }) =>
    heading.toLowerCase() === field.toLowerCase() ? heading : `${heading} → ${field}`
  )
  return [
    `${name}: ${requirements.length} requirements with ${endpointCount(requirements)} endpoints`,
    ...(taken.length > 0 ? [`  columns: ${taken.join(', ')}`] : []),
    ...notes.map(({ kind, detail }) => shell.colours.dim(`  ${kind.replace('_', ' ')}: ${detail}`)),
    ''
  ].join('\n')
}

/** The same for programs. Of a list: what was joined, and what could only be said in part. */
export function importJson({ kind }: Adapter, imported: Imported) {
  const { columns, notes, token } = imported
  const requirements = takenRequirements(imported)
  if (kind === 'table') return { requirements: requirements.length, columns, notes }
  const details = (...kinds: readonly string[]) =>
    notes.flatMap((note) => (kinds.includes(note.kind) ? [note.detail] : []))
  return withoutUndefined({
    requirements: requirements.length,
    token,
    accepted: endpointCount(requirements),
    joined: details('joined'),
    narrowed: details('taken', 'left_out'),
    refused: []
  })
}

function takenRequirements({ requirements, mirrored }: Imported): readonly { readonly endpoints?: unknown }[] {
  return mirrored?.document.requirements ?? requirements
}

function endpointCount(requirements: ReturnType<typeof takenRequirements>): number {
  return requirements.reduce((sum, { endpoints }) => sum + (Array.isArray(endpoints) ? endpoints.length : 0), 0)
}
