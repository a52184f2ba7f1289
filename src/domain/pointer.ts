import type { Endpoint } from './endpoint.ts'

/** One reference token of an RFC 6901 JSON Pointer. */
export function token(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1')
}

export function requirementPointer(key: string): string {
  return `/requirements/${token(key)}`
}

/** Where an endpoint stands when lists are read by key: independent of any order. */
export function endpointPointer(requirement: string, endpoint: Endpoint): string {
  const name = endpoint.kind === 'any' ? 'any' : `${endpoint.kind}:${endpoint.value}`
  return `${requirementPointer(requirement)}/endpoints/${token(name)}`
}
