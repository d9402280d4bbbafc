import { hideSecrets } from '../../lib/hideSecrets.ts'
import { KnownError } from '../../model/error.ts'
import type { Listen } from '../rpc/provider.ts'
import type { RpcCall, RpcRequest } from '../rpc/transport.ts'
import { questionOf } from './questionOf.ts'
import { type RecordedAnswer, type RecordingHeader, recordingBytesMax } from './recording.ts'
import { type Asked, writeRecording } from './writeRecording.ts'

/** Keeps what is asked of a chain and what it answers. */
export type Recorder = {
  /** To be put between each provider and its client. */
  listen: Listen
  /** Of all that was kept: how many answers, and the text of the file. */
  recording(): { answers: number; text: string }
}

/** What an answer takes beside its text: its question's share, the hash of its block. */
const answerBytes = 200
/** As much of an error as is read of one. */
const wordsMax = 300
const dataMax = 2048

/**
 * Where several providers were asked the same, the last is kept: those before were not believed.
 * @param bytesMax How much of it is kept; beyond, whoever asks gets a `KnownError`.
 */
export function createRecorder(
  where: Pick<RecordingHeader, 'chainId' | 'from' | 'to'>,
  bytesMax = recordingBytesMax,
): Recorder {
  const asked = new Map<string, Asked & { texts: Map<string, string> }>()
  let bytes = 0

  function keep(call: RpcCall, answer: RecordedAnswer): void {
    const { key, method, params, blockHash } = questionOf(call)
    const known = asked.get(key)
    const own = known ?? { method, params, answers: new Map<string, string>(), texts: new Map<string, string>() }
    asked.set(key, own)
    const given = JSON.stringify(answer)
    const text = own.texts.get(given) ?? given
    bytes += answerBytes + (known ? 0 : key.length) + (own.texts.has(given) ? 0 : given.length)
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    own.texts.set(text, text)
    own.answers.set(blockHash ?? '', text)
  }

  function hear(payload: RpcRequest | RpcRequest[], raw: unknown, secrets: readonly string[]): void {
    const answers = new Map([raw].flat().map((answer: unknown) => [idOf(answer), answer]))
    for (const request of [payload].flat()) {
      const answer = answerIn(answers.get(request.id), secrets)
      if (answer && request.method !== 'eth_chainId') keep({ method: request.method, params: request.params }, answer)
    }
  }

  return {
    listen: (transport, secrets) => ({
      ...transport,
      async send(payload, signal) {
        const raw = await transport.send(payload, signal)
        hear(payload, raw, secrets)
        return raw
      },
    }),
    recording: () => ({
      answers: [...asked.values()].reduce((sum, { answers }) => sum + answers.size, 0),
      text: writeRecording(where, [...asked.values()]),
    }),
  }
}

function idOf(answer: unknown): number | null {
  return typeof answer === 'object' && answer !== null && 'id' in answer ? Number(answer.id) : null
}

/** Null: no answer, or one that nobody could read. */
function answerIn(answer: unknown, secrets: readonly string[]): RecordedAnswer | null {
  if (typeof answer !== 'object' || answer === null) return null
  if ('error' in answer && answer.error && typeof answer.error === 'object') {
    const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown }
    return {
      error: {
        code: Number.isSafeInteger(code) ? Number(code) : 0,
        message:
          typeof message === 'string' ? hideSecrets(message.slice(0, 1000), secrets).slice(0, wordsMax) : 'no message',
        ...(typeof data === 'string' ? { data: data.slice(0, dataMax) } : {}),
      },
    }
  }
  return 'result' in answer ? { result: answer.result } : null
}

function tooLarge(bytesMax: number): KnownError {
  return new KnownError('invalid', `The recording grows beyond ${bytesMax / 1024 / 1024} MiB.`, {
    hints: ['Record fewer blocks: those of the incident, and a few before it.'],
  })
}
