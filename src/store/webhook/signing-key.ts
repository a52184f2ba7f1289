import { asc } from 'drizzle-orm'
import type { SigningKey } from '../../domain/webhook/webhook-signature.ts'
import type { Engine } from '../engine/engine.ts'
import type { KeptSecret, SecretBox } from '../engine/secret-box.ts'

/** What tells a sealed key in its column from one in clear. */
const mark = 'sealed:'
const contextOf = (id: string) => `signing_keys/${id}/private_key`

function written(kept: KeptSecret): string {
  return typeof kept === 'string' ? kept : `${mark}${kept.sealed}`
}

function readKept(text: string): KeptSecret {
  return text.startsWith(mark) ? { sealed: text.slice(mark.length) } : text
}

/** The keys as their rows are. */
export async function keptSigningKeys({
  query,
  read,
  tables: { signingKeys }
}: Engine): Promise<readonly SigningKey[]> {
  return read(query.select().from(signingKeys).orderBy(asc(signingKeys.createdAt)))
}

export async function findSigningKeys(engine: Engine): Promise<readonly SigningKey[]> {
  return (await keptSigningKeys(engine)).map((key) => openSigningKey(engine.secrets, key))
}

/** A key as it signs, from its row. @throws PortolanError `wrong_secret_key` */
export function openSigningKey(secrets: SecretBox, key: SigningKey): SigningKey {
  return { ...key, privateKey: secrets.open(readKept(key.privateKey), contextOf(key.id)) }
}

/** Adds the key unless there is one. Of two processes that add a key, the second gets the key of the first. */
export async function addSigningKey(engine: Engine, key: SigningKey): Promise<SigningKey> {
  const { query, commit, tables, secrets } = engine
  const row = { ...key, privateKey: written(secrets.seal(key.privateKey, contextOf(key.id))) }
  await commit([{ query: query.insert(tables.signingKeys).values(row).onConflictDoNothing() }])
  return (await findSigningKeys(engine))[0] ?? key
}

/** The column of a private key, sealed with the current key; undefined where it is already. */
export function sealSigningKey(secrets: SecretBox, { id, privateKey }: SigningKey): string | undefined {
  const kept = readKept(privateKey)
  if (secrets.isCurrent(kept)) return undefined
  return written(secrets.seal(secrets.open(kept, contextOf(id)), contextOf(id)))
}
