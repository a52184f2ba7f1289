import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { exampleApp } from '../../scripts/example-app.ts'
import { checkPage } from './checks.ts'
import { browsedPages } from './pages.ts'

/*
 * Opens every page in Chromium: with and without scripts, narrow and wide, light and dark. `--pictures FOLDER` keeps what it looked like; words
 * choose the pages whose URL contains one of them.
 */
const { values, positionals } = parseArgs({ options: { pictures: { type: 'string' } }, allowPositionals: true })
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

async function main(path: string): Promise<void> {
  const { app, close } = await exampleApp({ isSeeded: true, isLocal: true })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  let failed = 0
  for (const page of browsedPages) {
    if (positionals.length > 0 && !positionals.some((word) => page.url.includes(word))) continue
    for (const { what, faults, picture } of await checkPage(browser, base, page)) {
      process.stdout.write(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${what}\n`)
      for (const fault of faults) process.stdout.write(`     ${fault}\n`)
      failed += faults.length === 0 ? 0 : 1
      if (values.pictures === undefined) continue
      mkdirSync(values.pictures, { recursive: true })
      writeFileSync(`${values.pictures}/${what.replace(/[^\w.-]+/g, '_')}.png`, picture)
    }
  }
  await browser.close()
  await close()
  if (failed > 0) process.exitCode = 1
}

if (executablePath === undefined) process.stdout.write('skipped: there is no Chromium on this machine\n')
else await main(executablePath)
