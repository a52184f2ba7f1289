import type { ProblemTypePage } from '../../http/schema/problem.ts'
import { frameOf } from '../frame/frame.ts'
import type { PageContext } from '../frame/page.ts'
import { pageSecurity } from '../frame/page-headers.ts'

/** Makes the pages to which the codes of problems lead: what a code means, and what helps. */
export function problemTypePages(context: PageContext): ProblemTypePage {
  return ({ client }, type) => ({
    html: context.templates.render('@problem-type', {
      frame: { ...frameOf(context, { prefix: client.path, title: type.title }), hasKey: false },
      type,
      example: JSON.stringify(type.example, null, 2)
    }),
    headers: pageSecurity
  })
}
