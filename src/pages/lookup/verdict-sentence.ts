import type { JudgedRule } from '../../catalogue/lookup/rule.ts'
import type { AuditPort } from '../../domain/lookup/audit-port.ts'
import type { LookupFinding } from '../../domain/lookup/lookup-answer.ts'
import { portText } from '../../domain/network/port.ts'
import { hasPorts, isIcmp } from '../../domain/network/protocol.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { day, named, type Sentence, said, strong, strongDay } from './sentence.ts'

/** The port that was asked for, and the name of the product of each catalogue. */
interface Asked {
  readonly port?: AuditPort | undefined
  readonly productOf: (catalogue: string) => string
}

/** How many names a sentence tells. */
const mostNames = 8

/** The verdict of a look-up in a sentence. */
export function verdictSentence({ verdict, by }: Pick<JudgedRule, 'verdict' | 'by'>, asked: Asked): Sentence {
  const { productOf } = asked
  switch (verdict.kind) {
    case 'needed': {
      const { others, ended } = verdict
      const { requirement, catalogue } = verdict.by
      const more = others > 0 ? ` and ${others} more` : ''
      if (ended)
        return [
          strong('No:'),
          ...subject(verdict.by, ' '),
          said(' '),
          named(productOf(catalogue)),
          said(
            others > 0
              ? ` needs it, and ${others} more ${others === 1 ? 'requirement does' : 'requirements do'}. `
              : ' needs it. '
          ),
          named(productOf(ended.catalogue)),
          said(' retired it on '),
          day(ended.at)
        ]
      return [
        strong('No:'),
        ...subject(verdict.by, ' ', ' is'),
        said(' needed by '),
        named(requirement.title),
        said(`${more} (`),
        named(productOf(catalogue)),
        said(`)${by ? ` since issue ${by.addedIn.label}` : ''}`)
      ]
    }
    case 'planned':
      return [
        strong('No:'),
        ...subject(verdict.by, ' ', ' is'),
        said(' needed from '),
        day(verdict.from),
        said(' by '),
        named(verdict.by.requirement.title),
        said(' ('),
        named(productOf(verdict.by.catalogue)),
        said(')'),
        ...(verdict.until === undefined ? [] : [said(', and until '), day(verdict.until), said(' by others')])
      ]
    case 'retiring': {
      const { replacedBy, open } = verdict
      return [
        strongDay(verdict.until),
        said(`, ${clockOf(verdict.until)}: then `),
        ...(isOther(verdict.by) ? [...subject(verdict.by, ''), said(', the last that is known of it,')] : [said('it')]),
        said(' retires everywhere.'),
        ...(replacedBy.length > 0 ? [said(' Replaced by '), named(shortened(replacedBy)), said('.')] : []),
        ...(open.length > 0
          ? [said(' Whether something needs it even then cannot be told: '), ...openText(open, asked)]
          : [])
      ]
    }
    case 'open':
      return [strong('Cannot be told:'), said(' '), ...openText(verdict.open, asked)]
    case 'retired':
      return [
        strong('Yes:'),
        ...subject(verdict.by, ' '),
        said(' retired on '),
        day(verdict.at),
        said(', and no catalogue here needs it')
      ]
    case 'unknown':
      return [strong('Not known here.'), said(' Portolan cannot say whether something else needs it.')]
    default:
      throw new Error(`unknown verdict ${verdict satisfies never}`)
  }
}

/** The place itself where it is a part of what was asked for, or wider: a sentence says which. */
function subject(place: LookupFinding, before: string, after = ''): Sentence {
  const { endpoint, match } = place
  if (!isOther(place) || !endpoint || endpoint.kind === 'any') return []
  return [
    said(before),
    named(endpoint.value),
    said(`${match === 'within' ? ' in it' : ', which it is part of,'}${after}`)
  ]
}

function isOther({ match }: LookupFinding): boolean {
  return match === 'within' || match === 'covers'
}

/** `00:00 UTC`, to the second where there are some. */
function clockOf(at: number): string {
  const iso = formatInstant(at)
  return `${iso.slice(17, 19) === '00' ? iso.slice(11, 16) : iso.slice(11, 19)} UTC`
}

function openText(open: readonly LookupFinding[], { port }: Asked): Sentence {
  const texts = (kind: 'role' | 'feed' | 'any') => [
    ...new Set(
      open.flatMap(({ endpoint, requirement }) => {
        if (endpoint?.kind !== kind) return []
        return endpoint.kind === 'role' ? endpoint.title : endpoint.kind === 'feed' ? endpoint.value : requirement.title
      })
    )
  ]
  const [roles, feeds, any] = [texts('role'), texts('feed'), texts('any')]
  const uses = [
    ...(roles.length > 0 ? [{ by: 'by roles whose addresses are yours', names: roles }] : []),
    ...(feeds.length > 0 ? [{ by: 'by lists that others publish', names: feeds }] : []),
    ...(any.length > 0 ? [{ by: 'with any address', names: any }] : [])
  ]
  return [
    said(`${portOf(port)} is used `),
    ...uses.flatMap(({ by, names }, index) => [said(`${index === 0 ? '' : '; '}${by}: `), named(shortened(names))])
  ]
}

function portOf(port: AuditPort | undefined): string {
  if (!port) return 'it'
  const { transport } = port
  if (isIcmp(transport)) return `${transport} type ${portText(port)}`
  if (!hasPorts(transport)) return `protocol ${transport}`
  return `${transport === 'tcp' ? '' : `${transport.toUpperCase()} `}port ${portText(port)}`
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ')
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown
}
