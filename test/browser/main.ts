import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { type ExampleApp, exampleApp } from '../../scripts/example-app.ts'
import { checkPage } from './checks.ts'
import { browsedPages } from './pages.ts'
import { TreeKeeper } from './trees.ts'

/*
 * Opens every page in Chromium: with and without scripts, narrow and wide, light and dark. `--pictures FOLDER` keeps what it looked like; words
 * choose the pages whose URL contains one of them. `--write-trees` writes what the pages say to who does not see them, as it is now.
 */
const { values, positionals } = parseArgs({
  options: { pictures: { type: 'string' }, 'write-trees': { type: 'boolean' } },
  allowPositionals: true
})
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

async function main(path: string): Promise<void> {
  const sites = { open: await siteOf('public'), keyed: await siteOf('key') }
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  let failed = 0
  for (const page of browsedPages) {
    if (positionals.length > 0 && !positionals.some((word) => page.url.includes(word))) continue
    const { base, subscription, key, trees } = page.key === undefined ? sites.open : sites.keyed
    const url = page.url.replace('{subscription}', subscription)
    const aids = { key: page.key === 'given' ? key : undefined, trees }
    for (const { what, faults, picture } of await checkPage(browser, base, { ...page, url }, aids)) {
      process.stdout.write(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${what}\n`)
      for (const fault of faults) process.stdout.write(`     ${fault}\n`)
      failed += faults.length === 0 ? 0 : 1
      if (values.pictures === undefined) continue
      mkdirSync(values.pictures, { recursive: true })
      writeFileSync(`${values.pictures}/${what.replace(/[^\w.-]+/g, '_')}.png`, picture)
    }
  }
  await browser.close()
  for (const { close } of Object.values(sites)) await close()
  if (failed > 0) process.exitCode = 1
}

/** A service with the first catalogue, on a free port, and a key that has a subscription there. */
async function siteOf(readAccess: 'public' | 'key') {
  const example = await exampleApp({ isSeeded: true, isLocal: true, readAccess })
  const authorization = await example.key('subscriber', 'catalogue:read', 'subscriptions:write')
  const subscription = await subscribe(example, authorization)
  const base = await example.app.listen({ host: '127.0.0.1', port: 0 })
  return {
    ...{ base, subscription, close: example.close },
    key: authorization.replace('Bearer ', ''),
    trees: new TreeKeeper({
      isWriting: values['write-trees'] === true,
      withoutChance: (text) =>
        example
          .withoutChance(text)
          .replaceAll(base, 'https://portolan.example')
          .replaceAll(/sub_[0-9A-Z]+/g, 'sub_1')
    })
  }
}

/** A subscription to which one message was sent: its id. */
async function subscribe({ app, deliver }: ExampleApp, authorization: string): Promise<string> {
  const headers = { authorization }
  const payload = { url: 'https://receiver.example/portolan', description: 'Ticket for the firewall team' }
  const { id } = (await app.inject({ method: 'POST', url: '/v1/subscriptions', headers, payload })).json()
  await app.inject({ method: 'POST', url: `/v1/subscriptions/${id}/ping`, headers })
  await deliver()
  return id
}

if (executablePath === undefined) process.stdout.write('skipped: there is no Chromium on this machine\n')
else await main(executablePath)
