import type { Endpoint } from './endpoint.ts'
import { pointerTo } from './pointer.ts'

export function requirementPointer(key: string): string {
  return `/requirements${pointerTo(key)}`
}

/** Where an endpoint stands when lists are read by key: independent of any order. */
export function endpointPointer(requirement: string, endpoint: Endpoint): string {
  const name = endpoint.kind === 'any' ? 'any' : `${endpoint.kind}:${endpoint.value}`
  return `${requirementPointer(requirement)}/endpoints${pointerTo(name)}`
}
