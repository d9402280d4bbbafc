import type { Outlet } from '../alerts/deliverMessages.ts'
import type { Config } from '../config/config.ts'

/** The channels of the config, ready to send. */
export function outletsOf({ channels }: Config): Outlet[] {
  return channels.map(({ name, channel, options }) => ({
    name,
    perMinute: channel.perMinute,
    send: (message, signal) => channel.send({ message, options, signal }),
  }))
}
