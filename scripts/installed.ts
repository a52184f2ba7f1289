import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const environment = {
  ...process.env,
  NO_COLOR: '1',
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true'
}

/** Installs a package of tools, unless the same lock file is installed already. No dependency needs its install scripts. */
export function install(folder: URL): void {
  const lock = createHash('sha256')
    .update(readFileSync(new URL('package-lock.json', folder)))
    .digest('hex')
  const stamp = new URL('node_modules/.installed', folder)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  runIn(folder, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  writeFileSync(stamp, lock)
}

/** Runs a program. If it fails, its output is printed and the process ends. */
export function runIn(folder: URL, command: string, args: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8'
  })
  if (status === 0) return
  process.stderr.write(`FAIL ${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`)
  process.exit(1)
}
