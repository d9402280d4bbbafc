import { afterAll, describe, expect, test } from 'vitest'
import { good, importScene, ozMonitorOf, testnet } from '../../../test/harness/importScene.ts'
import { plugIns } from '../../app/plugIns.ts'
import { loadConfig } from '../../config/loadConfig.ts'

const scene = importScene()
afterAll(() => scene.remove())
const events = [{ signature: 'Transfer(address,address,uint256)', expression: null }]
const plain = (value: string) => ({ type: 'Plain', value })
const message = { title: 'Alert', body: 'x' }

describe('secrets', () => {
  test('never reach the config or the report, in whatever form they came, and the config loads without them', () => {
    const made = scene.withTriggers({
      team_slack: {
        name: 'x',
        trigger_type: 'slack',
        config: { slack_url: plain('https://hooks.slack.com/s3cret'), message },
      },
      again: { name: 'x', trigger_type: 'slack', config: { slack_url: 'https://hooks.slack.com/s3cret', message } },
      discord: {
        name: 'x',
        trigger_type: 'discord',
        config: { discord_url: { type: 'environment', value: 'MY_DISCORD' }, message },
      },
      tg: {
        name: 'x',
        trigger_type: 'telegram',
        config: { token: { type: 'plain', value: '1:s3cret' }, chat_id: '-100', message },
      },
      mail: {
        name: 'x',
        trigger_type: 'email',
        config: {
          host: 'smtp.example.com',
          username: plain('ana@example.com'),
          password: plain('s3cret'),
          sender: 'ana@example.com',
          recipients: ['ben@example.com'],
          message,
        },
      },
      hook: {
        name: 'x',
        trigger_type: 'webhook',
        config: {
          url: plain('https://hook.example/s3cret'),
          method: 'PUT',
          secret: { type: 'hashicorpcloudvault', value: 'hook-key' },
          headers: { 'Content-Type': 'application/json', Authorization: 'Bearer s3cret', 'X-Other': 's3cret' },
          message,
        },
      },
    })
    const report = (['lost', 'dead', 'changed', 'set'] as const).flatMap(made.words)
    expect([made.text, ...report].join('\n')).not.toContain('s3cret')
    expect(scene.written().channels).toEqual({
      team_slack: { use: 'slack', options: { url: 'env:OZ_TEAM_SLACK_URL' } },
      again: { use: 'slack', options: { url: 'env:OZ_TEAM_SLACK_URL' } },
      discord: { use: 'discord', options: { url: 'env:MY_DISCORD' } },
      tg: { use: 'telegram', options: { token: 'env:OZ_TG_TOKEN', chat: '-100' } },
      mail: {
        use: 'email',
        options: {
          host: 'smtp.example.com',
          port: 465,
          user: 'ana@example.com',
          password: 'env:OZ_MAIL_PASSWORD',
          from: 'ana@example.com',
          to: ['ben@example.com'],
        },
      },
      hook: {
        use: 'webhook',
        options: {
          url: 'env:OZ_HOOK_URL',
          signingSecret: 'env:OZ_HOOK_SIGNING_SECRET',
          header: { name: 'Authorization', value: 'env:OZ_HOOK_HEADER' },
        },
      },
    })
    expect(made.words('lost')).toEqual([
      'hook: Tocsin posts; the method PUT is not kept.',
      'hook: The header X-Other: a webhook has one header of your own.',
    ])
    expect(made.words('set')).toContain('MY_DISCORD: URL of the discord trigger. The same variable as before.')
    expect(made.words('set')).toContain(
      'OZ_HOOK_SIGNING_SECRET: Key of the signatures, 24 bytes or more. It was kept elsewhere: fetch it from there.',
    )
    const config = loadConfig(scene.out, plugIns, made.env)
    expect(config.routes.map(({ notify }) => notify)).toHaveLength(7)
    expect(config.chains[0]?.rpc.map(String)).toEqual(['env:OZ_RPC_TESTNET'])
  })

  test('of what is left out need not be set', () => {
    const solana = {
      ...testnet,
      slug: 'sol',
      network_type: 'Solana',
      rpc_urls: [{ type_: 'rpc', url: 'https://sol.example/s3cret' }],
    }
    const other = ozMonitorOf('other', {
      networks: ['sol'],
      addresses: [{ address: 'So11111111111111111111111111111111111111112' }],
      events,
    })
    const made = scene.import({ 'n/a.json': testnet, 'n/b.json': solana, 'm/a.json': good, 'm/b.json': other })
    expect(made.words('set')).toEqual([
      'OZ_RPC_TESTNET: RPC URL of testnet. Its value stands in the file that was read.',
    ])
    expect(made.words('lost')).toEqual([
      'n/b.json: sol is a chain of type Solana; Tocsin watches EVM chains only.',
      'other: It watches sol, which is no EVM chain, or cannot be read.',
      'other: "So11111111111111111111111111111111111111112" is no address of an EVM chain.',
    ])
  })
})
