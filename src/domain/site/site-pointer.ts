import { pointerTo } from '../json/pointer.ts'
import type { Binding, Overlay } from './site-document.ts'

/** What a binding is about as a text: `role:syslog-server`, and after an `@` its catalogue or `*`, and the requirement. */
export function bindingName({ role, variable, component, catalogue, requirement }: Omit<Binding, 'values'>): string {
  const bound =
    role !== undefined ? `role:${role}` : variable !== undefined ? `variable:${variable}` : `component:${component}`
  if (requirement !== undefined) return `${bound}@${catalogue ?? '*'}/${requirement}`
  return catalogue === undefined ? bound : `${bound}@${catalogue}`
}

/** Places in the document of a site, whose lists are read by name, so that they do not depend on any order. */
export function bindingPointer(binding: Omit<Binding, 'values'>, value?: string): string {
  return `/bindings${pointerTo(bindingName(binding))}${value === undefined ? '' : `/values${pointerTo(value)}`}`
}

export function overlayPointer({ id }: Pick<Overlay, 'id'>): string {
  return `/overlays${pointerTo(id)}`
}

export function takenPointer(id: string): string {
  return `/catalogues${pointerTo(id)}`
}
