import type { Asset } from '../asset/assets.ts'
import { Links } from './links.ts'
import type { PageContext, WebPage } from './page.ts'

/** What stands around the content of every page. */
export interface PageFrame {
  /** Text of `title`. */
  readonly title: string
  readonly links: Links
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
  readonly icon: string
  readonly nav: readonly NavLink[]
  /** The pages of the catalogue; absent on a page that is about none. */
  readonly tabs?: readonly NavLink[]
  /** Absent on a page without clocks. */
  readonly clocks?: ClockForm
  /** How it stands, where a clock is set. */
  readonly notNow?: NotNow
  readonly source?: PageSource
  /** The text in the search box. */
  readonly q?: string
  /** The feed of what the page is about. */
  readonly feed?: string
  /** Whether there is a page at a path, as its route has it. */
  readonly has: (path: string) => boolean
  /** Whether a key opened the page, which its reader may want to be forgotten. */
  readonly hasKey: boolean
}

interface NavLink {
  readonly href: string
  readonly text: string
  readonly isCurrent: boolean
}

interface ClockForm {
  readonly action: string
  /** The other parameters of the page, which the form sends along. */
  readonly others: readonly (readonly [name: string, value: string])[]
  /** Absent where only an instant can say what had been published: across catalogues. */
  readonly issues?: readonly { readonly value: string; readonly text: string; readonly isChosen: boolean }[]
  readonly asOf: string
  readonly effectiveAt: string
  /** The known transitions, as instants. */
  readonly instants: readonly string[]
}

interface NotNow {
  readonly text: string
  /** The page without its clocks. */
  readonly now: string
}

/** Where the content of a page comes from. */
interface PageSource {
  readonly revision?: { readonly number: number; readonly label: string; readonly digest: string }
  /** The absolute URL that always gives this content; absent if there is none. */
  readonly pinned?: string
  /** The absolute URL of the same as JSON. */
  readonly json?: string
}

export interface FrameFacts {
  readonly prefix: string
  readonly title: string
  /** The path of the page as its route has it; absent: a page that is not in the navigation. */
  readonly current?: string
  readonly clocks?: { readonly asOf?: string; readonly effectiveAt?: string }
  /** The id of the catalogue that the page is about. */
  readonly catalogue?: string
}

/** The frame of a page, without what belongs to some pages only. */
export function frameOf({ assets, pages, isPublic }: PageContext, facts: FrameFacts): PageFrame {
  const { prefix, title, current, clocks = {}, catalogue } = facts
  const links = new Links(prefix, clocks)
  const at = ({ path }: Asset) => prefix + path
  const linked = pages.filter(({ link }) => link !== undefined)
  const linkTo = ({ path, link = '' }: WebPage, href: string): NavLink => ({
    href,
    text: link,
    isCurrent: path === current
  })
  return {
    title: `${title} · Portolan`,
    links,
    styles: [at(assets['pico.css']), at(assets['portolan.css'])],
    scripts: [at(assets['htmx.js']), at(assets['portolan.js'])],
    icon: at(assets['favicon.svg']),
    nav: linked.filter(({ path }) => !isOfCatalogue(path)).map((page) => linkTo(page, links.across(page.path))),
    ...(catalogue !== undefined && {
      tabs: linked
        .filter(({ path }) => isOfCatalogue(path))
        .map((page) => linkTo(page, links.to(page.path.replace(':id', catalogue))))
    }),
    has: (path) => pages.some((page) => page.path === path),
    hasKey: !isPublic
  }
}

function isOfCatalogue(path: string): boolean {
  return path.startsWith('/c/:id')
}
