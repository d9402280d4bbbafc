import { defineCommand } from 'citty'
import { dataDirectory } from './dataDirectory.ts'
import { fromDemo } from './fromDemo.ts'

const list = defineCommand({
  meta: { name: 'list', description: 'Names the attacks, and what each of them does.' },
  async run() {
    const { attacks } = await fromDemo(() => import('../../demo/attacks.ts'))
    for (const { name, title, story } of attacks.values()) {
      process.stdout.write(`${name}: ${title}\n${wrapped(story)}\n`)
    }
    process.stdout.write('Set one off: npx tocsin demo attack NAME\n')
  },
})

const attack = defineCommand({
  meta: { name: 'attack', description: 'Sets off an attack on the demo that runs in another terminal.' },
  args: { name: { type: 'positional', required: true, description: 'As `tocsin demo list` gives it' } },
  async run({ args }) {
    const { getAttack } = await fromDemo(() => import('../../demo/attacks.ts'))
    const { runAttack } = await fromDemo(() => import('../../demo/runAttack.ts'))
    process.stdout.write(`${getAttack(args.name).title} …\n`)
    const { transactions } = await runAttack({ name: args.name, dataDirectory: dataDirectory() })
    const count = transactions.length === 1 ? 'one transaction' : `${transactions.length} transactions`
    process.stdout.write(`The attacker is done, with ${count}:\n${transactions.map((hash) => `  ${hash}\n`).join('')}`)
  },
})

export const demo = defineCommand({
  meta: { name: 'demo', description: 'Attacks the running demo.' },
  subCommands: { list, attack },
})

const lineWidth = 100

function wrapped(text: string): string {
  let column = 0
  const words = text.split(' ').map((word) => {
    const breaks = column === 0 || column + word.length + 1 > lineWidth
    column = breaks ? 2 + word.length : column + 1 + word.length
    return breaks ? `\n  ${word}` : ` ${word}`
  })
  return words.join('').slice(1)
}
