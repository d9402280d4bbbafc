import { inspect } from 'node:util'
import { z } from 'zod'

/** A value that must not be seen. Whatever prints it shows the reference it came from. */
export class Secret {
  readonly #value: string
  readonly #reference: string

  /** @param reference Where the config says that it comes from, such as `env:SLACK_URL`. */
  constructor(value: string, reference: string) {
    this.#value = value
    this.#reference = reference
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return this.#reference
  }

  toJSON(): string {
    return this.#reference
  }

  [inspect.custom](): string {
    return this.#reference
  }
}

/** An option that may only be given by reference (`env:NAME`, `file:PATH`). The config hands it over as a `Secret`. */
export function secret() {
  return z
    .custom<Secret>((value) => value instanceof Secret, {
      error: ({ input }) =>
        input === undefined
          ? 'is missing: write a reference, env:NAME or file:PATH'
          : 'write a reference, env:NAME or file:PATH, never the value itself',
    })
    .meta({ secret: true })
}
