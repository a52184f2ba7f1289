import type { Command } from 'commander'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { revokeKey, rotateKey } from '../../catalogue/key-changes.ts'
import { createKey } from '../../catalogue/keys.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'
import type { KeyGrant } from '../../domain/key-grant.ts'
import { hourMs } from '../../domain/time/duration.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { keyJson } from '../../render/key-json.ts'
import type { Shell } from '../shell/shell.ts'
import { type StoreAccess, withCatalogues } from '../shell/store.ts'
import { openClient } from './open-backend.ts'
import type { RestClient } from './rest-client.ts'

type KeyJson = ReturnType<typeof keyJson>
/** `key` is its text, which is told once. */
type KeyWithText = KeyJson & { readonly key: string }

/** What commands ask of keys, in the form in which REST answers it. A service judges by the key that asks, and a store permits everything. */
export interface KeyBackend {
  list(): Promise<readonly KeyJson[]>
  create(grant: KeyGrant): Promise<KeyWithText>
  /** @returns when it was revoked already, where that is known */
  revoke(id: string): Promise<Instant | undefined>
  rotate(id: string, overlapMs: number): Promise<KeyWithText>
}

/** Runs a command on the keys of the service that is named, or else of the configured store. */
export async function withKeys(
  shell: Shell,
  command: Command,
  access: StoreAccess,
  use: (keys: KeyBackend) => Promise<void>
): Promise<void> {
  const client = openClient(shell, command)
  return client
    ? use(keysOfService(client))
    : withCatalogues(shell, command, access, (catalogues) => use(keysOfStore(catalogues)))
}

function keysOfStore(catalogues: Catalogues): KeyBackend {
  const told = ({ key, text }: { readonly key: Key; readonly text: string }) => ({ ...keyJson(key), key: text })
  return {
    list: async () => (await catalogues.store.keys()).map(keyJson),
    create: async (grant) => told(await createKey(catalogues, grant)),
    revoke: (id) => revokeKey(catalogues, 'shell', id),
    rotate: async (id, overlapMs) => told(await rotateKey(catalogues, 'shell', id, overlapMs))
  }
}

function keysOfService(client: RestClient): KeyBackend {
  return {
    list: () => client.items('/v1/keys', {}),
    async create({ expiresAt, ...grant }) {
      if (grant.name === undefined)
        throw new PortolanError('missing_parameter', 'Over HTTP a key needs the name of its owner: add --name.')
      const expires = expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) }
      return client.send('POST', '/v1/keys', { ...grant, ...expires })
    },
    async revoke(id) {
      await client.ask(pathOf(id), { method: 'DELETE' })
      return undefined
    },
    rotate: (id, overlapMs) => client.send('POST', `${pathOf(id)}/rotate`, { overlap: `PT${overlapMs / hourMs}H` })
  }
}

function pathOf(id: string): string {
  return `/v1/keys/${encodeURIComponent(id)}`
}
