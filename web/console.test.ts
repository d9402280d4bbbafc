import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApi } from '../src/api/createApi.ts'
import { serveConsole } from '../src/api/serveConsole.ts'
import type { ChainStatus } from '../src/model/status.ts'
import { notify } from '../src/store/notify.ts'
import { alerts, messages } from '../src/store/schema.ts'
import { listActiveSilences } from '../src/store/silences.ts'
import { browserPath, launchBrowser } from '../test/harness/browser.ts'
import { insertAlert, insertMessage, sampleChain } from '../test/harness/consoleScene.ts'
import { type OpenConsole, openConsole } from '../test/harness/openConsole.ts'

/** A scene of its own for each test; `chain` may be changed while the page is open. */
describe.skipIf(browserPath === undefined)('the console', () => {
  let browser: Browser
  let opened: OpenConsole
  let context: BrowserContext
  let page: Page
  let chain: Partial<ChainStatus>
  const headline = () => page.getByRole('heading', { level: 1 })

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    chain = {}
    opened = await openConsole(browser, {
      chains: () => [sampleChain(new Date(), chain)],
      demo: {
        attacks: [{ name: 'drain', title: 'Drain the vault', story: 'Somebody found a hole.' }],
        run: async (name) => void opened.attacked.push(name),
      },
    })
    page = await opened.open()
    context = page.context()
    await headline().waitFor()
  })
  afterEach(async () => {
    await context.close()
    await opened.end()
    expect(opened.complaints).toEqual([])
  })

  async function fire(id: string, changed: Partial<Parameters<typeof insertAlert>[1]> = {}, facts = {}) {
    await insertAlert(opened.db, { id, at: new Date(), ...changed }, facts)
    await notify(opened.db, { kind: 'alert', id })
  }

  test('lets in who has the link, once, and keeps him in', async () => {
    expect(page.url()).toBe(`${opened.served.url}/`)
    await page.reload()
    await headline().filter({ hasText: 'All is well' }).waitFor()
    const token = opened.access.mint()
    const first = await browser.newPage()
    await first.goto(`${opened.served.url}/#token=${token}`)
    await first.getByRole('heading', { level: 1, name: 'All is well' }).waitFor()
    const second = await browser.newPage()
    await second.goto(`${opened.served.url}/#token=${token}`)
    await second.getByRole('heading', { name: 'Who is there?' }).waitFor()
    await second.getByLabel('Link or token').fill(`${opened.served.url}/#token=${opened.access.mint()}`)
    await second.getByRole('button', { name: 'Sign in' }).click()
    await second.getByRole('heading', { level: 1, name: 'All is well' }).waitFor()
    await second.context().clearCookies()
    await second.getByRole('heading', { name: 'Who is there?' }).waitFor()
    await second.goto(`${opened.served.url}/#token=${opened.access.mint()}`)
    await second.getByRole('heading', { level: 1, name: 'All is well' }).waitFor()
    await Promise.all([first.context().close(), second.context().close()])
  })

  test('shows an alert when it fires, without being asked, and that it is acknowledged', async () => {
    await headline().filter({ hasText: 'All is well, and we can see.' }).waitFor()
    await fire('a', { title: 'The vault is being emptied' })
    await headline().filter({ hasText: 'One alert is firing.' }).waitFor()
    expect(await page.title()).toContain('One alert is firing.')
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByLabel('Your name').fill('ana')
    await page.getByRole('button', { name: 'I have it in hand' }).click()
    await page.getByText('in the hands of ana').waitFor()
    await headline().filter({ hasText: 'Nothing new is firing' }).waitFor()

    await fire('b')
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('Still open: 2 acknowledged alerts').waitFor()
  })

  test('shows what one transaction set off together, and takes all of it in hand at once', async () => {
    const [drain, other] = [`0x${'a1'.repeat(32)}`, `0x${'b2'.repeat(32)}`] as const
    await fire('a', { title: 'The vault is being emptied', severity: 'critical', transactionHash: drain })
    await fire('b', { title: 'It was entered again', severity: 'high', transactionHash: drain })
    await fire('c', { title: 'A role was granted', severity: 'medium', transactionHash: other })
    await headline().filter({ hasText: '3 alerts are firing.' }).waitFor()
    const cards = page.locator('.alerts > li')
    await expect.poll(() => cards.count()).toBe(2)
    const first = cards.first()
    expect(await first.getByRole('heading').textContent()).toBe('The vault is being emptied')
    expect(await first.locator('.earlier').textContent()).toContain('It was entered again')
    await first.getByRole('button', { name: 'Acknowledge all 2' }).click()
    await page.getByLabel('Your name').fill('ana')
    await page.getByRole('button', { name: 'I have it in hand' }).click()
    await headline().filter({ hasText: 'One alert is firing.' }).waitFor()
    const states = await opened.db.select({ id: alerts.id, state: alerts.state }).from(alerts).orderBy(alerts.id)
    expect(states.map(({ id, state }) => `${id} ${state}`)).toEqual(['a acknowledged', 'b acknowledged', 'c firing'])
  })

  test('goes on hearing of changes after the stream was lost', async () => {
    await context.setOffline(true)
    await fire('a')
    await context.setOffline(false)
    await headline().filter({ hasText: 'One alert is firing.' }).waitFor()
    await fire('b')
    await headline().filter({ hasText: '2 alerts are firing.' }).waitFor()
    opened.complaints.splice(0)
  })

  test('tries a message that was given up again', async () => {
    await fire('a')
    await insertMessage(opened.db, { id: 'm', at: new Date(), alertId: 'a', state: 'dead', attempts: 9 })
    await notify(opened.db, { kind: 'message', id: 'm' })
    await page.getByText('1 message that could not be delivered').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('1 message that could not be delivered').waitFor({ state: 'detached' })
    const [message] = await opened.db.select().from(messages)
    expect(message).toMatchObject({ state: 'waiting', attempts: 0 })
  })

  test('takes no silence without a reason', async () => {
    await fire('a')
    await page.getByRole('button', { name: 'Silence…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Silence' })
    await dialog.getByLabel('Your name').fill('ben')
    await dialog.getByLabel('4 hours').check()
    await dialog.getByRole('button', { name: 'Silence until' }).click()
    expect(await dialog.getByLabel('Why').evaluate((field: HTMLTextAreaElement) => field.validity.valid)).toBe(false)
    await dialog.getByLabel('Why').fill('The migration that we planned.')
    await dialog.getByRole('button', { name: 'Silence until' }).click()
    await page.getByText('ben: The migration that we planned.').waitFor()
    const [silence] = await listActiveSilences(opened.db, new Date())
    expect(silence?.match).toEqual({ monitors: ['drain'], contracts: ['vault'], chains: ['mainnet'] })
    await page.getByRole('button', { name: 'End now' }).click()
    await page.getByText('None: people are told of everything that fires.').waitFor()
  })

  test('says that it is out of date when the server goes away, and is itself again when it is back', async () => {
    await page.clock.install()
    await page.reload()
    await headline().waitFor()
    await opened.served.close()
    await page.clock.fastForward(16_000)
    const banner = page.getByRole('alert').filter({ hasText: 'This page is out of date.' })
    await banner.waitFor()
    expect(await banner.innerText()).toMatch(/What you see is from \d\d:\d\d:\d\d UTC/)
    expect(await page.title()).toContain('Out of date')
    expect(await headline().innerText()).toBe('Whether all is well cannot be told from here.')
    const again = await serveConsole(opened.served.port, (allowedHosts) => createApi({ ...opened.api, allowedHosts }))
    await page.clock.fastForward(6000)
    await banner.waitFor({ state: 'detached' })
    await context.close()
    await again.close()
    const refused = opened.complaints.splice(0).filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))
    expect(
      refused.filter((text) => !/ERR_(INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION_RESET)/.test(text)),
    ).toEqual([])
  })

  test('never looks calm where it is blind', async () => {
    chain = { blind: { since: new Date(Date.now() - 60_000).toISOString(), reason: 'None of 2 providers answers.' } }
    await notify(opened.db, { kind: 'chain' })
    await headline().filter({ hasText: 'We are blind on mainnet.' }).waitFor()
    expect(await page.getByText('All is well').count()).toBe(0)
    expect(await page.locator('.sight.seen').count()).toBe(0)
    await page.getByText('None that we can see.').waitFor()
    chain = {}
    await notify(opened.db, { kind: 'chain' })
    await headline().filter({ hasText: 'All is well' }).waitFor()
  })

  test('tells what a provider is asked, what that comes to in a day, and whether blocks are verified', async () => {
    const panel = page.locator('.panel', { has: page.getByRole('heading', { name: 'Chains' }) })
    await panel.getByText('Their hashes, transactions and receipts are recomputed here.').waitFor()
    await panel.getByText('About 380,000 calls a day, 9.6 million compute units at Alchemy').click()
    await panel.getByText(/^93,933 calls since 6 h ago/).waitFor()
    expect(await panel.locator('details[open] dl').innerText()).toMatch(/^eth_call\s+88,420\s+eth_getBlockByNumber/)
    const [own] = sampleChain(new Date()).providers
    chain = {
      verified: { header: true, transactions: true, receipts: false },
      providers: [{ ...own!, since: new Date().toISOString(), calls: { eth_call: 3 } }],
    }
    await notify(opened.db, { kind: 'chain' })
    await panel.getByText('Their receipts are taken on trust.').waitFor()
    await panel.getByText(/^3 calls$/).waitFor()
    expect(await panel.getByText('a day').count()).toBe(0)
  })

  test('shows what an attacker wrote as the words that they are', async () => {
    const hostile = '"><img src=x onerror="document.title=1"><script>document.title=1</script>'
    chain = { explorer: 'javascript:alert(1)//' }
    await fire(
      'a',
      { title: hostile, transactionHash: '0xjavascript:alert(1)' },
      { [hostile]: [hostile, { '': hostile }] },
    )
    await page.getByRole('link', { name: hostile }).click()
    await page.getByRole('heading', { level: 2, name: hostile }).waitFor()
    expect(await page.getByRole('cell', { name: hostile }).count()).toBeGreaterThan(0)
    expect(await page.locator('main img, main script').count()).toBe(0)
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).protocol))
    expect(new Set(links)).toEqual(new Set(['http:']))
  })

  test('goes from the list to an alert and back, and shows what moved, who did it, and where', async () => {
    await fire(
      'a',
      {},
      { call: 'emergencyExit(bytes)', actor: '0xb66cd966670d962c227b3eaba30a872dbfb995db', assets: '8412067550000' },
    )
    await page.getByRole('link', { name: 'A quarter of all USDC' }).click()
    await page.getByRole('row', { name: 'call emergencyExit(bytes)' }).waitFor()
    await page.getByRole('row', { name: 'assets 8,412,067,550,000' }).waitFor()
    await page.getByTitle('0xb66cD966670d962C227B3EABA30a872DbFb995db').first().waitFor()
    await page.getByText('Seen in the newest block; it may still vanish.').waitFor()
    await page.getByText('Pause the vault.').waitFor()
    await page.getByText('How it knows, and what it cannot see').click()
    await page.getByText('A theft below the caps is not seen.').waitFor()
    const explorers = await page
      .getByTitle('Show in the explorer')
      .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))
    expect(explorers.length).toBeGreaterThan(0)
    for (const href of explorers) expect(href).toMatch(/^https:\/\/etherscan\.io\/(address|tx)\/0x/)
    await page.goBack()
    await page.getByRole('heading', { name: 'Open alerts' }).waitFor()
  })

  test('sets off the attacks of the demo', async () => {
    await page.getByRole('button', { name: 'Set off Drain the vault' }).click()
    await page.getByRole('status').filter({ hasText: 'on the chain' }).waitFor()
    expect(opened.attacked).toEqual(['drain'])
  })

  test('can be used without a mouse, and read aloud', async () => {
    await fire('a')
    await page.getByRole('button', { name: 'Acknowledge' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Acknowledge' }).waitFor()
    expect(await nameless(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Silence…')
    expect(await nameless(page)).toEqual([])
  })

  test('keeps the look that somebody chose', async () => {
    await page.getByRole('button', { name: 'Change to the dark look' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Change to the light look' }).waitFor()
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark')
  })
})

/** What a screen reader would stumble over: controls without a name, ids that stand twice, more than one first heading. */
function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, [role=img]')]
    const silent = controls.filter((control) => {
      const label =
        control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement ? control.labels?.[0] : null
      const title = control.querySelector('title')?.textContent
      return !(control.ariaLabel || control.title || title || label?.textContent?.trim() || control.textContent?.trim())
    })
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    const doubles = ids.filter((id, index) => ids.indexOf(id) !== index)
    const firsts = document.querySelectorAll('h1').length
    return [
      ...silent.map(({ outerHTML }) => outerHTML),
      ...doubles.map((id) => `#${id} stands twice`),
      ...(firsts === 1 ? [] : [`${firsts} first headings`]),
      ...(document.documentElement.lang ? [] : ['no language']),
    ]
  })
}
