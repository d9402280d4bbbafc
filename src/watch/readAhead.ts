/**
 * Gives what `read` finds for each number from `from` to `to`, in order, with at most `ahead` reads under way.
 * A failed read is thrown when its turn comes; what was read beyond it is dropped.
 */
export async function* readAhead<Result>(
  { from, to, ahead }: { from: number; to: number; ahead: number },
  read: (number: number) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = []
  let next = from
  for (let number = from; number <= to; number++) {
    while (next <= to && pending.length < ahead) {
      const reading = read(next++)
      // Whoever awaits it gets the error; this keeps Node from calling it unhandled until then.
      reading.catch(() => undefined)
      pending.push(reading)
    }
    yield await pending.shift()!
  }
}
