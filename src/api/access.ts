import { createHash, randomBytes } from 'node:crypto'
import { KnownError } from '../model/error.ts'

/** Who may use the console: one-time tokens are exchanged for sessions. All of it is forgotten when the process ends. */
export type Access = {
  /**
   * A new one-time token.
   *
   * @param lifetimeMs Left out: it lasts until it is used.
   */
  mint(lifetimeMs?: number): string
  /**
   * Uses a token up.
   *
   * @returns The session's secret, for its cookie; only its hash is kept here.
   * @throws {KnownError} `forbidden`: the token is wrong, used or over. `unavailable`: too many wrong ones were tried.
   */
  exchange(token: string): string
  /** Whether the secret is that of a session that lasts. */
  admits(secret: string): boolean
  end(secret: string): void
}

export const sessionLifetimeMs = 7 * 24 * 60 * 60 * 1000
const mostTokens = 8
const mostSessions = 32
const mostWrongPerMinute = 10

/** @param now Milliseconds since 1970. */
export function createAccess({ now = Date.now }: { now?: () => number } = {}): Access {
  /** By hash of the secret: when it ends. Looked up by hash, so that the time of a look-up tells nothing of a secret. */
  const tokens = new Map<string, number>()
  const sessions = new Map<string, number>()
  let wrong: number[] = []

  const keep = (kept: Map<string, number>, most: number, endsAt: number) => {
    const secret = randomBytes(32).toString('base64url')
    kept.set(hash(secret), endsAt)
    for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest)
    return secret
  }

  return {
    mint: (lifetimeMs = Number.POSITIVE_INFINITY) => keep(tokens, mostTokens, now() + lifetimeMs),
    exchange(token) {
      wrong = wrong.filter((at) => at > now() - 60_000)
      if (wrong.length >= mostWrongPerMinute)
        throw new KnownError('unavailable', 'Too many wrong tokens were tried.', {
          hints: ['Wait a minute.'],
          retryable: true,
        })
      const endsAt = tokens.get(hash(token))
      tokens.delete(hash(token))
      if (endsAt === undefined || endsAt <= now()) {
        wrong.push(now())
        throw new KnownError('forbidden', 'This token is wrong, or it was used before.', {
          hints: ['Each token works once. Ask somebody who is signed in for a new link, or start Tocsin again.'],
        })
      }
      return keep(sessions, mostSessions, now() + sessionLifetimeMs)
    },
    admits: (secret) => (sessions.get(hash(secret)) ?? 0) > now(),
    end: (secret) => void sessions.delete(hash(secret)),
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
