import type { View, ViewRequirement } from '../../domain/view/view.ts'
import type { Content } from '../frame/send-page.ts'

/** The paper of a view: its requirements by scope, as the tables have them. */
export function paperOf(view: View): Content {
  const { title, guidance = [], requirements } = view
  return {
    title,
    view,
    guidance,
    external: requirements.filter(({ scope }) => scope === 'external').map(itemOf),
    internal: requirements.filter(({ scope }) => scope === 'internal').map(itemOf)
  }
}

function itemOf({ key, title, services, endpoints, remarks }: ViewRequirement) {
  return { key, title, services, endpoints, remarks }
}
