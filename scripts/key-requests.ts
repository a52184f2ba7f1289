import type { ExampleRequest } from './example-requests.ts'

/** The life of a key, in this order. `{key}` is replaced by the id of the one that was made last. */
export const keyRequests: readonly ExampleRequest[] = [
  {
    operation: 'createKey',
    name: 'firewall',
    summary: 'A key for the firewalls of one site, for half a year',
    method: 'POST',
    url: '/v1/keys',
    as: 'admin',
    body: {
      name: 'firewalls of the site in Bonn',
      scopes: ['catalogue:read'],
      cidrs: ['198.51.100.0/24'],
      expiresAt: '2027-06-30T00:00:00Z'
    }
  },
  {
    operation: 'createKey',
    name: 'unmanaged',
    summary: 'The key may not make keys',
    method: 'POST',
    url: '/v1/keys',
    as: 'reader',
    body: { name: 'a friend', scopes: ['catalogue:read'] }
  },
  { operation: 'listKeys', name: 'two', summary: 'The two oldest keys', url: '/v1/keys?limit=2', as: 'admin' },
  {
    operation: 'rotateKey',
    name: 'week',
    summary: 'The secret before is good for a week more',
    method: 'POST',
    url: '/v1/keys/{key}/rotate',
    as: 'admin',
    body: { overlap: 'P7D' }
  },
  {
    operation: 'revokeKey',
    name: 'gone',
    summary: 'The key is revoked',
    method: 'DELETE',
    url: '/v1/keys/{key}',
    as: 'admin'
  },
  {
    operation: 'rotateKey',
    name: 'revoked',
    summary: 'A key that was revoked has no secret',
    method: 'POST',
    url: '/v1/keys/{key}/rotate',
    as: 'admin',
    body: {}
  }
]
