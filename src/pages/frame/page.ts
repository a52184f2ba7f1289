import type { RouteContext } from '../../http/answer/send-point.ts'
import type { RequestGate } from '../../http/request/gate.ts'
import type { App } from '../../http/request/type-provider.ts'
import type { Assets } from '../asset/assets.ts'
import type { Templates } from '../template/templates.ts'

/** What every page is made with. */
export interface PageContext extends RouteContext {
  readonly templates: Templates
  readonly assets: Assets
  /** All pages, for the links between them. */
  readonly pages: readonly WebPage[]
}

/** What pages need that ask for a key. */
export interface SignInContext extends PageContext {
  readonly gate: RequestGate
}

/** A page: where it is, how others link to it, and its routes. */
export interface WebPage {
  /** As a route has it: `/lookup`, `/c/:id/diff`. */
  readonly path: string
  /** The text of the link to it, in the navigation of the service or, below `/c/:id`, of the catalogue. Absent: no link. */
  readonly link?: string
  /** Declares its routes, with `config.access` and `config.grows` as those of REST. */
  routes(app: App, context: PageContext): void
}
