import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiDependencies } from '../src/api/apiDependencies.ts'
import { noteBlindness } from '../src/store/blindness.ts'
import type { Connection } from '../src/store/database.ts'
import { insertSilence } from '../src/store/silences.ts'
import { browserPath, launchBrowser } from '../test/harness/browser.ts'
import { feed, insertAlert, insertMessage, sampleChain, thief, treasury } from '../test/harness/consoleScene.ts'
import { type OpenConsole, openConsole } from '../test/harness/openConsole.ts'

/** Where to put pictures of what is tested here, to look at; left out: nowhere. Those of docs/images are of the demo. */
const pictures = process.env.TOCSIN_PICTURES

const minutes = (number: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - number * 60_000)

async function past(db: Connection): Promise<void> {
  await insertAlert(db, {
    id: 'p1',
    at: minutes(200),
    severity: 'medium',
    title: 'Ownership of treasury passed to 0x9008…aB41',
    monitor: 'owners',
    address: treasury,
    state: 'resolved',
    stage: 'final',
    resolvedAt: minutes(150),
    resolvedBecause: 'ana: planned, see the vote of last week',
  })
  await insertAlert(db, {
    id: 'p2',
    at: minutes(95),
    severity: 'high',
    title: '1,400,000 USDC withdrawn to an address never seen before',
    monitor: 'big-withdrawal',
    state: 'resolved',
    stage: 'retracted',
    resolvedAt: minutes(94),
    resolvedBecause: 'retracted by a reorg',
  })
  await insertAlert(db, {
    id: 'p3',
    at: minutes(330),
    severity: 'low',
    title: 'First call by 0xB66c…95Db',
    monitor: 'odd-calls',
    state: 'resolved',
    stage: 'final',
    resolvedAt: minutes(300),
    resolvedBecause: 'nothing new for 30 min',
    mutedBecause: 'odd-calls runs in shadow mode',
  })
}

async function trouble(db: Connection): Promise<void> {
  await insertAlert(
    db,
    { id: 'drain', at: minutes(2), firstSeenAt: minutes(4), findings: 3 },
    {
      event: 'Withdraw(address indexed caller, address indexed receiver, uint256 assets, uint256 shares)',
      call: 'emergencyExit(bytes)',
      actor: thief,
      receiver: thief,
      valueMoved: '8,412,067.55 USDC',
      shareOfHoldings: '24.8 %',
      assets: '8412067550000',
      arguments: { strategy: feed, data: `0x${'a9059cbb'.repeat(12)}`, deadline: 1_772_330_400 },
      recipients: [
        { to: thief, amount: '8412000000000' },
        { to: treasury, amount: '67550000' },
      ],
    },
  )
  await insertAlert(db, {
    id: 'price',
    at: minutes(11),
    severity: 'high',
    monitor: 'price',
    detector: 'stale-feed',
    address: feed,
    title: 'The price of ETH has not moved for 71 minutes; its heartbeat is 60',
    stage: 'final',
    state: 'acknowledged',
    acknowledgedBy: 'ana',
    transactionHash: null,
  })
  await insertAlert(db, {
    id: 'odd',
    at: minutes(26),
    severity: 'low',
    monitor: 'odd-calls',
    detector: 'new-caller',
    title: 'First call of vault by 0xB66c…95Db',
    stage: 'confirmed',
    mutedBecause: 'odd-calls runs in shadow mode',
  })
  await messagesOfTrouble(db)
  await insertSilence(db, {
    id: 's',
    match: { monitors: ['owners'], contracts: ['treasury'], chains: ['mainnet'] },
    reason: 'Keys of the treasury are changed today, see the vote.',
    createdBy: 'ben',
    createdAt: minutes(30),
    endsAt: minutes(-210),
  })
}

async function messagesOfTrouble(db: Connection): Promise<void> {
  await insertMessage(db, { id: 'm1', at: minutes(4), alertId: 'drain', channel: 'ops (slack)' })
  await insertMessage(db, {
    id: 'm2',
    at: minutes(4),
    alertId: 'drain',
    channel: 'pager',
    state: 'waiting',
    attempts: 2,
    dueAt: minutes(-1),
    lastError: 'events.pagerduty.com answered 503.',
  })
  await insertMessage(db, {
    id: 'm3',
    at: minutes(4),
    alertId: 'drain',
    channel: 'board (email)',
    state: 'dead',
    attempts: 9,
    lastError: 'mail.acme.example refused the sender.',
  })
}

const demo: ApiDependencies['demo'] = {
  attacks: [
    {
      name: 'reentrancy',
      title: 'Leave the vault twice',
      story: 'A contract asks for its money again while it is still being paid, and the vault pays again.',
    },
    {
      name: 'price',
      title: 'Bend a price, borrow against it',
      story: 'A large trade moves the price of the pair for one transaction; the market lends against it.',
    },
    {
      name: 'governance',
      title: 'Vote the treasury away',
      story: 'Borrowed votes pass a proposal that sends the treasury to its author.',
    },
  ],
  run: async () => {},
}

const blindChain = {
  head: 23_456_702,
  cursor: 23_456_702,
  cursorTimestamp: minutes(7).getTime() / 1000,
  blind: { since: minutes(7).toISOString(), reason: 'None of 2 providers answers.' },
  providers: sampleChain(new Date()).providers.map((provider) => ({
    ...provider,
    state: 'failing' as const,
    lastError: 'No answer within 10 s.',
  })),
}

type Scene = { name: string; changed?: Partial<ApiDependencies>; path?: string; seed(db: Connection): Promise<void> }

const scenes: Scene[] = [
  { name: 'calm', seed: past },
  {
    name: 'firing',
    changed: { demo },
    async seed(db) {
      await past(db)
      await trouble(db)
    },
  },
  { name: 'alert', path: '/alerts/drain', seed: trouble },
  {
    name: 'blind',
    changed: {
      chains: () => [
        sampleChain(new Date(), blindChain),
        sampleChain(new Date(), { id: 8453, name: 'base', head: 31_415_926, cursor: 31_415_926, providers: [] }),
      ],
    },
    async seed(db) {
      await past(db)
      await noteBlindness(db, {
        chainId: 1,
        reasons: new Map([['price', 'latestRoundData() reverts.']]),
        at: minutes(40),
        block: 23_456_600,
      })
    },
  },
]
const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 960 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 960 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 360, height: 740 } },
] as const

describe.skipIf(browserPath === undefined)('the console', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
    if (pictures) await mkdir(pictures, { recursive: true })
  })
  afterAll(() => browser?.close())

  describe.each(scenes)('when it is $name', ({ name, changed, path = '/', seed }) => {
    let opened: OpenConsole
    beforeAll(async () => {
      opened = await openConsole(browser, changed)
      await seed(opened.db)
    })
    afterAll(() => opened?.end())

    test.each(looks)('can be read in the look $name', async ({ name: look, colorScheme, viewport }) => {
      const page = await opened.open({ path, colorScheme, viewport, deviceScaleFactor: pictures ? 2 : 1 })
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle').catch(() => {})
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${look}.png`) })
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
      expect(await faintTexts(page)).toEqual([])
      expect(opened.complaints).toEqual([])
      await page.close()
    })
  })
})

/** Texts whose contrast with what they stand on is below 4.5 to 1, the least that WCAG 2.2 (AA) asks of small text. */
function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
    const rgba = (colour: string): number[] => {
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      return [...canvas.getImageData(0, 0, 1, 1).data]
    }
    const luminance = (colour: string) => {
      const [r = 0, g = 0, b = 0] = rgba(colour).map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const backgroundOf = (element: Element | null): string => {
      for (let at = element; at; at = at.parentElement) {
        const { backgroundColor, backgroundImage } = getComputedStyle(at)
        const stripes = /rgba?\([^)]*\)(?!.*rgba?\()/.exec(backgroundImage)?.[0]
        if (stripes) return stripes
        if (rgba(backgroundColor)[3] === 255) return backgroundColor
      }
      return 'white'
    }
    const faint = new Set<string>()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode
      if (!parentElement?.checkVisibility() || !textContent?.trim() || parentElement.closest('svg, noscript')) continue
      const [a, b] = [luminance(getComputedStyle(parentElement).color), luminance(backgroundOf(parentElement))]
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (contrast < 4.5) faint.add(`${textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`)
    }
    return [...faint]
  })
}
