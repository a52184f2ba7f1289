import formbody from '@fastify/formbody'
import type { RouteContext } from '../http/answer/send-point.ts'
import type { RequestGate } from '../http/request/gate.ts'
import type { App } from '../http/request/type-provider.ts'
import { assetRoutes } from './asset/asset-routes.ts'
import { readAssets } from './asset/assets.ts'
import { diffPage } from './diff/diff-page.ts'
import { exportsPage } from './exports/exports-page.ts'
import type { PageContext, WebPage } from './frame/page.ts'
import { tidyQuery } from './frame/tidy-query.ts'
import { helpPage } from './help/help-page.ts'
import { listPage } from './list/list-page.ts'
import { auditFormPage } from './lookup/audit-page.ts'
import { lookupPage } from './lookup/lookup-page.ts'
import { searchPage } from './lookup/search-page.ts'
import { paperPage } from './paper/paper-page.ts'
import { problemPages } from './problem/problem-page.ts'
import { problemTypePages } from './problem/problem-type-page.ts'
import { previewPage } from './publishing/preview-page.ts'
import { signInRoutes } from './sign-in/sign-in-routes.ts'
import { subscriptionsPage } from './subscription/subscriptions-page.ts'
import { Templates } from './template/templates.ts'
import { timelinePage } from './timeline/timeline-page.ts'
import { todoPage } from './todo/todo-page.ts'

/** The one list of the pages. Their order is that of the links between them. */
const pages: readonly WebPage[] = [
  listPage,
  lookupPage,
  searchPage,
  auditFormPage,
  previewPage,
  paperPage,
  todoPage,
  timelinePage,
  diffPage,
  exportsPage,
  helpPage
]

/** Pages that only the holder of a key can open, and a key is asked for only where reads need one. */
const keyedPages: readonly WebPage[] = [subscriptionsPage]

/** What all pages are made with: templates and assets are read once. */
export function pageContext(context: RouteContext): PageContext {
  const assets = readAssets()
  return {
    ...context,
    assets,
    templates: new Templates(assets),
    pages: context.isPublic ? pages : [...pages, ...keyedPages]
  }
}

/** The pages of problems, which any route may answer with. */
export function decorateProblems(app: App, context: PageContext): void {
  app.decorate('problemPage', problemPages(context))
  app.decorate('problemTypePage', problemTypePages(context))
}

export function registerPages(app: App, context: PageContext, gate: RequestGate): void {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, isPage: true }
    route.schema = { ...route.schema, hide: true }
  })
  // The limits are those of the routes.
  void app.register(formbody, { bodyLimit: 65_536 })
  assetRoutes(app, context.assets)
  app.addHook('preValidation', tidyQuery(context))
  if (!context.isPublic) signInRoutes(app, { ...context, gate })
  for (const { routes } of context.pages) routes(app, context)
}
