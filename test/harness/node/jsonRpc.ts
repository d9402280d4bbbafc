export type Call = { id: unknown; method: string; params: readonly unknown[] }
export type Calls = { batch: boolean; calls: Call[] }
/** One call's whole envelope as JSON text. */
export type Answerer = (call: Call) => string

/** Thrown inside the test node to answer a call with a JSON-RPC error envelope. */
export class RpcError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

export const parseError = '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}'

/** The `error` of an envelope. What was not thrown on purpose shows as an internal error. */
export function errorBody(error: unknown): { code: number; message: string; data?: unknown } {
  if (!(error instanceof RpcError)) return { code: -32603, message: String(error) }
  const { code, message, data } = error
  return data === undefined ? { code, message } : { code, message, data }
}

/** How a careless proxy mixes answers up: they belong to `other` questions, or each comes `twice`. */
export type MixedIds = 'other' | 'twice'

/** The text that answers a request. */
export function answerText({ batch, calls }: Calls, answerer: Answerer, mixed?: MixedIds): string {
  const asked = mixed === 'other' ? calls.map((call) => ({ ...call, id: Number(call.id) + 1_000_000 })) : calls
  const answers = asked.map(answerer)
  if (mixed === 'twice') answers.push(...answers)
  return batch || answers.length !== 1 ? `[${answers.join(',')}]` : answers.join('')
}

/** One call or a batch; null where the text is no JSON. */
export function parseCalls(text: string): Calls | null {
  try {
    const parsed: unknown = JSON.parse(text)
    const calls = [parsed].flat().map((entry) => {
      const { id, method, params } = (entry ?? {}) as Partial<Call>
      return { id, method: String(method), params: Array.isArray(params) ? params : [] }
    })
    return { batch: Array.isArray(parsed), calls }
  } catch {
    return null
  }
}
