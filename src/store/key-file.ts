import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  unlinkSync,
  writeFileSync
} from 'node:fs'
import { PortolanError } from '../domain/errors.ts'
import { readSealingKeys, type SealingKey } from '../domain/sealing.ts'

/** The keys in a file; undefined where there is no such file. @throws PortolanError `wrong_secret_key` where it holds none */
export function readKeyFile(path: string): readonly SealingKey[] | undefined {
  if (!existsSync(path)) return undefined
  const keys = readSealingKeys(readFileSync(path, 'utf8'))
  if (keys) return keys
  throw new PortolanError(
    'wrong_secret_key',
    `The file ${path} must hold 32 bytes in base64 or hex: a key on each line.`
  )
}

/** Makes a file with a new key, readable for its owner only, unless there is one. If another process makes one at the same time, that one stays. */
export function makeKeyFile(path: string): void {
  if (existsSync(path)) return
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    chmodSync(draft, 0o600)
    // A link appears with all of its content, or not at all.
    linkSync(draft, path)
  } catch {
    // Another process was faster, or this file system has no links.
    if (!existsSync(path)) copyFileSync(draft, path, constants.COPYFILE_EXCL)
  } finally {
    unlinkSync(draft)
  }
}
