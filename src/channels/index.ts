import type { AnyChannel } from '../model/channel.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

/** What is built in, by the id that stands after `use:`. */
export const channels: ReadonlyMap<string, AnyChannel> = new Map<string, AnyChannel>(
  [slack, discord, telegram, email, pagerduty, webhook].map((channel) => [channel.id, channel]),
)
