import { slicesOf } from '../../domain/export/slice.ts'
import type { CatalogueView, ViewRequirement } from '../../domain/view/view.ts'
import type { PageFrame } from '../frame/frame.ts'
import { type Marked, marked } from '../template/marked.ts'
import { endpointRows } from './endpoint-rows.ts'
import { type PaperCell, paperCell } from './paper-cell.ts'
import { type ServiceLine, serviceLines } from './service-lines.ts'

/** A requirement as an item of the paper. */
export interface Item {
  readonly key: string
  readonly title: Marked
  readonly lines: readonly ServiceLine[]
  /** `in`, `out`, or `in and out`, as seen from the product. */
  readonly direction: Marked
  /** What stands below the title. */
  readonly facts: readonly Marked[]
  readonly rows: readonly { readonly names: readonly PaperCell[]; readonly addresses: readonly PaperCell[] }[]
  readonly remarks: readonly Marked[]
  readonly references: readonly { readonly text: string; readonly url: string }[]
  readonly slices: readonly { readonly name: string; readonly href: string }[]
  /** How many endpoints are not shown, and the page that shows them. */
  readonly more?: { readonly count: number; readonly href: string }
}

/** Which endpoints of a requirement are shown. */
export interface Shown {
  readonly offset: number
  readonly limit: number
}

const directionWords = { inbound: 'in', outbound: 'out', both: 'in and out' } as const

export function itemOf(
  view: CatalogueView,
  requirement: ViewRequirement,
  shown: Shown,
  { links, has }: PageFrame
): Item {
  const { key, title, direction, endpoints, references = [] } = requirement
  const part = endpoints.slice(shown.offset, shown.offset + shown.limit)
  const count = endpoints.length - part.length
  const exportsPath = `/c/${view.id}/exports`
  return {
    key,
    title: marked(requirement, title, 'title'),
    lines: serviceLines(requirement),
    direction: marked(requirement, directionWords[direction], 'direction'),
    facts: factsOf(view, requirement),
    rows: endpointRows(part).map(({ names, addresses }) => ({
      names: names.map(paperCell),
      addresses: addresses.map(paperCell)
    })),
    remarks: remarksOf(requirement),
    references: references.map(({ title: text, url }) => ({ text: text ?? url, url })),
    slices: has('/c/:id/exports')
      ? slicesOf([requirement]).map(({ name }) => ({
          name,
          href: links.to(exportsPath, { slice: name, requirement: key })
        }))
      : [],
    ...(count > 0 && shown.offset === 0 && { more: { count, href: links.to(`/c/${view.id}`, { requirement: key }) } })
  }
}

function factsOf({ components = [] }: CatalogueView, requirement: ViewRequirement): readonly Marked[] {
  const { necessity, condition, owner, tags, component, externalIds = {}, scope, direction } = requirement
  const need =
    necessity === 'conditional' ? `Only if: ${condition ?? ''}` : `Optional${condition ? `: ${condition}` : ''}`
  const part = components.find(({ key }) => key === component)?.title
  return [
    // The table of internal connections has a column for it, and most external ones lead out.
    ...(scope === 'external' && direction !== 'outbound'
      ? [marked(requirement, `Direction: ${directionWords[direction]}`, 'direction')]
      : []),
    ...(necessity === 'required' ? [] : [marked(requirement, need, 'necessity', 'condition')]),
    ...(part === undefined ? [] : [marked(requirement, `Part: ${part}`, 'component')]),
    ...(owner === undefined ? [] : [marked(requirement, `Owner: ${owner}`, 'owner')]),
    ...(tags ? [marked(requirement, `Tags: ${tags.join(', ')}`)] : []),
    ...Object.entries(externalIds).map(([namespace, id]) => marked(requirement, `${namespace}: ${id}`))
  ]
}

function remarksOf(requirement: ViewRequirement): readonly Marked[] {
  const { remarks, proxy } = requirement
  const proxies = { allowed: 'May go through an HTTP proxy.', forbidden: 'Must not go through an HTTP proxy.' } as const
  const inspections = {
    allowed: 'May be inspected by a TLS proxy.',
    forbidden: 'Must not be inspected by a TLS proxy.',
    'with-client-certificate': 'Inspection by a TLS proxy needs a client certificate.',
    'not-applicable': ''
  } as const
  const sentences = [
    proxy?.httpProxy === undefined ? '' : proxies[proxy.httpProxy],
    proxy?.tlsInspection === undefined ? '' : inspections[proxy.tlsInspection]
  ].filter((sentence) => sentence !== '')
  return [
    ...(remarks === undefined ? [] : [marked(requirement, remarks)]),
    ...sentences.map((sentence) => marked(requirement, sentence, 'proxy'))
  ]
}
