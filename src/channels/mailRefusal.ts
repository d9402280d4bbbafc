import type { NodemailerError } from 'nodemailer'
import { plainText } from '../lib/plainText.ts'
import { DeliveryError } from '../model/channel.ts'
import { KnownError } from '../model/error.ts'

/** Codes of Nodemailer for what no repeat mends, where the server gave no status of its own. */
const permanent = ['EAUTH', 'ENOAUTH', 'ETLS', 'EENVELOPE', 'EMESSAGE', 'ECONFIG']

/** What a failure of the mail server means for the message. Its own words never hold our password: SMTP repeats none. */
export function mailRefusal(cause: unknown, host: string): DeliveryError {
  if (cause instanceof KnownError) {
    const { retryable, code, hints } = cause
    return new DeliveryError(`The mail server is not told: ${cause.message}`, { retryable, code, hints, cause })
  }
  const error: NodemailerError = cause instanceof Error ? cause : new Error('unknown error')
  const { code = '', response, responseCode } = error
  const retryable = responseCode === undefined ? !permanent.includes(code) : isTemporary(responseCode)
  const verb = code === 'ETLS' ? 'could not be spoken to over TLS' : response ? 'refused' : 'could not be used'
  return new DeliveryError(`The mail server ${host} ${verb}: ${plainText(response || error.message, 300)}`, {
    retryable,
    code: code === 'EAUTH' ? 'forbidden' : retryable ? 'unavailable' : 'invalid',
    hints: hints[code] ?? [],
    cause,
  })
}

/** Some were told and some were not. A temporary refusal is worth a repeat, as it has the same Message-ID. */
export function recipientsRefused(
  { rejected, rejectedErrors = [] }: { rejected: string[]; rejectedErrors?: NodemailerError[] | undefined },
  host: string,
): DeliveryError {
  const retryable = rejectedErrors.some(({ responseCode }) => responseCode !== undefined && isTemporary(responseCode))
  const words = plainText(rejectedErrors[0]?.response ?? '', 300)
  return new DeliveryError(`The mail server ${host} took the mail, but not for ${rejected.join(', ')}: ${words}`, {
    retryable,
  })
}

const hints: Record<string, readonly string[]> = {
  EAUTH: ['Check user and password.'],
  ETLS: [
    'Say `tls: implicit` if the server expects TLS from the start; `ca` if it has a certificate of its own authority.',
  ],
}

/** RFC 5321: 4yz is temporary, 5yz is not; 503 speaks of the session, not of the mail. */
function isTemporary(status: number): boolean {
  return status < 500 || status === 503
}
