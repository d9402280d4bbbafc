import { afterAll, describe, expect, test } from 'vitest'
import { abi, importScene, token } from '../../../test/harness/importScene.ts'
import { plugIns } from '../../app/plugIns.ts'
import { loadConfig } from '../../config/loadConfig.ts'

const scene = importScene()
afterAll(() => scene.remove())

describe('Defender', () => {
  const rule = {
    addresses: [token],
    abi: JSON.stringify(abi),
    conditions: [
      {
        eventConditions: [
          { eventSignature: 'Transfer(address,address,uint256)', expression: 'value > 10^18 AND NOT($0 == to)' },
        ],
        functionConditions: [],
        txConditions: [{ status: 'success', expression: 'gasPrice > 5' }],
      },
      {
        eventConditions: [],
        functionConditions: [{ functionSignature: 'transfer(address,uint256)' }],
        txConditions: [{ status: 'failed' }],
      },
    ],
    autotaskCondition: { autotaskId: 'abc' },
  }
  const exported = {
    monitorId: 'm',
    name: 'Exported',
    type: 'BLOCK',
    network: 'mainnet',
    paused: false,
    blockWatcherId: 'mainnet-1-10',
    riskCategory: 'FINANCIAL',
    addressRules: [rule],
    alertThreshold: { amount: 3, windowSeconds: 60 },
    notifyConfig: {
      notifications: [{ notificationId: 'n', type: 'slack' }],
      messageBody: 'x',
      timeoutMs: 0,
      autotaskId: 'act',
    },
  }

  test('is read as it was exported', () => {
    const { words, imported, env } = scene.import({
      'monitors.json': [exported, { ...exported, name: 'Bots', type: 'FORTA' }],
    })
    expect(imported.chains).toMatchObject([{ name: 'mainnet', id: 1, rpc: ['env:OZ_RPC_MAINNET'] }])
    expect(imported.monitors.map(({ name, when }) => [name, when])).toEqual([
      ['exported-transfer', 'event Transfer if value > 1000000000000000000 and not (from == to) and tx.gasPrice > 5'],
      ['exported-transfer-reverted', 'reverted call transfer'],
    ])
    expect(words('lost').map((line) => line.slice(0, 40))).toEqual([
      'Exported: Its filter, an Action, does no',
      'Exported: The Action that it starts: Toc',
      'Exported: Its threshold of 3 matches in ',
      'Exported: Its notification channels are ',
      'Exported: Its risk category: `severity` ',
      'Exported: Its message: Tocsin writes its',
      'Bots: It listens to Forta, which Tocsin ',
    ])
    expect(words('dead')).toEqual([])
    expect(loadConfig(scene.out, plugIns, env).monitors).toHaveLength(2)
  })

  test('is read as it was asked for, in one file', () => {
    const asked = {
      type: 'BLOCK',
      name: 'Asked',
      network: 'arbitrum',
      confirmLevel: 'finalized',
      addresses: [token],
      abi: JSON.stringify(abi),
      eventConditions: [{ eventSignature: 'Transfer(address,address,uint256)' }],
      txCondition: "status == 'x'",
      notificationChannels: [],
      skipABIValidation: true,
    }
    const broken = scene.import({ 'monitor.json': asked })
    expect(broken.imported.monitors).toEqual([])
    expect(broken.words('lost')[1]).toContain('There is no parameter `status`')
    const { imported, words } = scene.import({ 'monitor.json': { ...asked, txCondition: undefined } })
    expect(imported.monitors.map(({ name, when }) => [name, when])).toEqual([['asked', 'event Transfer']])
    expect(words('changed')).toEqual([expect.stringContaining('Asked: Its confirmation level')])
  })
})
