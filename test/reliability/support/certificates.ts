import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** A certificate authority of a test, and certificates of it, made by openssl. */
export function certificates(): {
  readonly ca: string
  readonly good: Certificate
  readonly expired: Certificate
  readonly alone: Certificate
} {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-certificates-'))
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  try {
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:receiver.test')
    openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca.test', '-days', '2')
    const signed = (name: string, days: number): Certificate => {
      openssl('req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=receiver.test')
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', String(days)]
      openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`)
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) }
    }
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'alone.key',
      '-out',
      'alone.pem',
      '-subj',
      '/CN=receiver.test',
      '-days',
      '2'
    )
    const alone = { key: read('alone.key'), cert: read('alone.pem') }
    return { ca: read('ca.pem'), good: signed('good', 2), expired: signed('expired', -1), alone }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}
