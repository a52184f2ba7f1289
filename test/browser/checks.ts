import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page, Response } from 'playwright-core'
import type { BrowsedPage } from './pages.ts'
import type { TreeKeeper } from './trees.ts'

const widths = [360, 1400] as const
const schemes = ['light', 'dark'] as const

export interface Check {
  readonly what: string
  readonly faults: readonly string[]
  /** A picture of the whole page. */
  readonly picture: Buffer
}

export interface Aids {
  /** The key with which pages are opened. */
  readonly key: string | undefined
  readonly trees: TreeKeeper
}

/** Opens a page at each width and in each scheme, with scripts, and once at each width without them. */
export async function checkPage(
  browser: Browser,
  base: string,
  page: BrowsedPage,
  aids: Aids
): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const width of widths)
    for (const scheme of schemes)
      checks.push(await checkOnce(browser, base, page, { ...aids, width, scheme, scripts: true }))
  for (const width of widths)
    checks.push(await checkOnce(browser, base, page, { ...aids, width, scheme: 'light', scripts: false }))
  return checks
}

interface Way extends Aids {
  readonly width: number
  readonly scheme: 'light' | 'dark'
  readonly scripts: boolean
}

async function checkOnce(
  browser: Browser,
  base: string,
  { url, status = 200, form, tree }: BrowsedPage,
  { width, scheme, scripts, key, trees }: Way
): Promise<Check> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    javaScriptEnabled: scripts
  })
  const faults: string[] = []
  const page = await context.newPage()
  if (key !== undefined && !(await signIn(page, base + url, key))) faults.push('the key is not taken')
  page.on('console', (message) => {
    // That a page is a problem is what the list says of it.
    if (!(status >= 400 && message.text().includes(`status of ${status}`))) faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:'))
      faults.push(`request elsewhere: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400 && new URL(response.url()).pathname !== new URL(base + url).pathname)
      faults.push(`${response.status()}: ${response.url()}`)
  })
  const opened = await page.goto(base + url, { waitUntil: 'networkidle' })
  const answer = form ? await send(page, form) : opened
  if (answer?.status() !== status) faults.push(`status ${answer?.status()}`)
  if (scripts) faults.push(...(await evaluated(page, width)))
  const picture = await page.screenshot({ fullPage: true })
  if (scripts && width === 1400 && scheme === 'light') {
    const pdf = await page.pdf({ format: 'A4' })
    if (tree !== undefined) faults.push(...trees.compare(tree, await page.locator('body').ariaSnapshot()))
    if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-'))) faults.push('does not print')
  }
  await context.close()
  const what = `${url}${form ? ' sent' : ''} ${width} ${scheme}${scripts ? '' : ' without scripts'}`
  return { what, faults, picture }
}

/** Gives the key to the page that asks for it. @returns whether the page then answers */
async function signIn(page: Page, url: string, key: string): Promise<boolean> {
  await page.goto(url)
  await page.fill('main [name=key]', key)
  const answered = page.waitForResponse((response) => response.request().method() === 'GET' && response.url() === url)
  await page.click('main form[method=post] button')
  return (await answered).status() === 200
}

/** Fills a form and sends it, and waits for the page that answers it. */
async function send(page: Page, form: NonNullable<BrowsedPage['form']>): Promise<Response> {
  for (const [name, text] of Object.entries(form)) await page.fill(`main [name=${name}]`, text)
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.click('main form[method=post] button')
  await page.waitForLoadState('networkidle')
  return answered
}

/** What only a script can find out: whether the page scrolls sideways, and what axe says of it. */
async function evaluated(page: Page, width: number): Promise<readonly string[]> {
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return [
    ...(wide > width ? [`scrolls sideways: ${wide} pixels`] : []),
    ...violations.map(
      ({ id, help, nodes }) =>
        `axe ${id}: ${help}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html)
          .join(' ')}`
    )
  ]
}
