import { KnownError } from './error.ts'

/** What a monitor remembers under a key is nothing that its detector can have written, as it is now. */
export class UnreadableMemory extends KnownError {
  readonly key: string

  constructor(key: string) {
    super(
      'invalid',
      `What it remembered under "${key}" is not of the shape in which it is kept; it begins anew with it.`,
    )
    this.key = key
  }
}
