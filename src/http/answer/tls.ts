import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Server } from 'node:https'
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import type { Logger } from 'pino'
import { PortolanError } from '../../domain/errors.ts'

/** The paths of PEM files. */
export interface TlsFiles {
  /** The certificate, and those between it and its root. */
  readonly cert: string
  readonly key: string
  /** The authorities whose certificates clients must show. Absent: clients show none. */
  readonly clientCa?: string
}

/** How often the files are looked at, in milliseconds. */
const watchMs = 1000

/** @throws PortolanError `invalid_parameter` where a file cannot be read */
export function readTls({ cert, key, clientCa }: TlsFiles): TlsOptions {
  return {
    ...contextOf({ cert, key, ...(clientCa !== undefined && { clientCa }) }),
    minVersion: 'TLSv1.2',
    ...(clientCa !== undefined && { requestCert: true, rejectUnauthorized: true })
  }
}

/**
 * Takes what the files hold whenever one changes: new connections get it, those that are open stay. Files that do not fit each other, as
 * between the writing of one and the other, change nothing.
 * @returns what ends the watch
 */
export function watchTls(server: Pick<Server, 'setSecureContext'>, files: TlsFiles, log: Logger): () => void {
  const reload = () => {
    try {
      server.setSecureContext({ ...contextOf(files), minVersion: 'TLSv1.2' })
      log.info({ files }, 'the certificate was read again')
    } catch (err) {
      log.error({ err, files }, 'the new certificate cannot be used: the one before stays')
    }
  }
  const paths = Object.values(files)
  for (const path of paths) watchFile(path, { interval: watchMs, persistent: false }, reload)
  return () => {
    for (const path of paths) unwatchFile(path, reload)
  }
}

function contextOf({ cert, key, clientCa }: TlsFiles): SecureContextOptions {
  return { cert: textOf(cert), key: textOf(key), ...(clientCa !== undefined && { ca: textOf(clientCa) }) }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new PortolanError('invalid_parameter', `${path} cannot be read: ${String(error)}`)
  }
}
